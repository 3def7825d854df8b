"""The two sides, run and traced. May import `model`, `project` and `sources`."""
