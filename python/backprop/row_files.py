"""Rows of numbers in files that every process opens for itself: what is sent to it is the path.

A memory map would be sent whole, and an open HDF5 file cannot be sent at all. Each object here has
what `dask.array.from_array` asks for. May import NumPy only, and h5py when an HDF5 file is opened.
"""

from pathlib import Path

import numpy as np


class NpyRows:
    """The array of a .npy file, memory-mapped where it is read.

    Parameters
    ----------
    path : str or Path
        The file; it must be there, under this path, for every process that reads it.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no .npy file.
    """

    def __init__(self, path):
        self._path = Path(path).resolve()
        mapped = self._map()
        self.shape, self.dtype, self.ndim = mapped.shape, mapped.dtype, mapped.ndim

    def __len__(self):
        """Return the number of rows."""
        return self.shape[0]

    def __getitem__(self, rows):
        """Return some rows, which are read from the file as they are used."""
        return np.asarray(self._map()[rows])  # a map of some rows would find no file of its own

    def _map(self):
        try:
            return np.load(self._path, mmap_mode="r")
        except (ValueError, EOFError) as error:
            raise ValueError(f"{self._path} is no .npy file: {error}") from None


class Hdf5Rows:
    """A dataset of an HDF5 file.

    Parameters
    ----------
    path : str or Path
        The file; it must be there, under this path, for every process that reads it.
    name : str
        Of the dataset.

    Raises
    ------
    ModuleNotFoundError
        If h5py is not installed.
    OSError
        If there is no such file, or it is no HDF5 file.
    KeyError
        If there is no such dataset in it.
    """

    def __init__(self, path, name):
        try:
            import h5py
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                "Hdf5Rows needs the package h5py, which is not installed: "
                "pip install 'lockstep-octave[scale]'"
            ) from None
        self._path, self._name, self._open = Path(path).resolve(), name, h5py.File
        with self._open(self._path, "r") as file:
            if not isinstance(file.get(name), h5py.Dataset):
                raise KeyError(f"{self._path} has no dataset {name!r}, it has {sorted(file)}")
            self.shape, self.dtype, self.ndim = file[name].shape, file[name].dtype, file[name].ndim

    def __len__(self):
        """Return the number of rows."""
        return self.shape[0]

    def __getitem__(self, rows):
        """Return some rows."""
        with self._open(self._path, "r") as file:
            return file[self._name][rows]
