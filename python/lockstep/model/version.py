"""The version of the package. Imports nothing, so that a build can read it."""

VERSION = "0.1.0"
