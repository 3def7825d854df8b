"""Texts as trees: .m files and Python modules. May import `model`."""
