"""The line-by-line Python port of the Octave functions in octave/.

NAME.py holds NAME, with the parameters, the variables and the order of statements of NAME.m;
`from backprop import NAME` gives the function. Nothing is listed here: a new file is enough.
"""

import importlib
import pkgutil
import sys
import types


class _Package(types.ModuleType):
    """A package whose attribute NAME is the function NAME of its module NAME."""

    def __setattr__(self, name, value):
        """Bind the function where the import system binds the module that holds it."""
        if isinstance(value, types.ModuleType) and not name.startswith("_"):
            value = getattr(value, name, value)
        super().__setattr__(name, value)

    def __getattr__(self, name):
        """Import NAME.py when NAME is first asked for."""
        if name not in dir(self):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        importlib.import_module(f"{self.__name__}.{name}")
        return self.__dict__[name]

    def __dir__(self):
        """Name the functions of the port."""
        names = (module.name for module in pkgutil.iter_modules(self.__path__))
        return sorted(name for name in names if not name.startswith("_"))


sys.modules[__name__].__class__ = _Package
