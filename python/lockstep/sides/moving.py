"""Numbers moved to a neighbour, up or down as their own bits decide.

The same number always moves the same way, so that what was equal stays equal; another `run` moves
it another way. Doubles, of which there are most, are moved in few steps, and large arrays piece by
piece, so that a piece stays in the processor's cache. Imports nothing of the package.
"""

import math
import struct
from typing import Any

import numpy as np

WHOLE = 2.0**53
"""From here on every double is a whole number."""

PIECE = 2**14
"""Elements of a large array that are moved at a time."""

_M1, _M2, _ALL = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 2**64 - 1
_U1, _U2 = np.uint64(_M1), np.uint64(_M2)
_BYTES, _BITS = struct.Struct("<d").pack, struct.Struct("<Q").unpack
_FIRST = 2**63
_ONE, _HALF_WIDTH, _TOP, _SIGNLESS = (np.uint64(n) for n in (1, 32, 63, 2**63 - 1))


class Mover:
    """Moves numbers as one machine does.

    Parameters
    ----------
    run : int
        Number of the machine.
    whole : bool
        Move whole numbers, too.
    single : bool
        Move single numbers, too.

    Attributes
    ----------
    whole : bool
        As above.
    """

    def __init__(self, run: int, whole: bool = False, single: bool = True) -> None:
        self._salt = (_M2 * (2 * run + 1) + _M1) & _ALL
        self._salt_64 = np.uint64(self._salt)
        self.whole = whole
        self._single = single

    def stays(self, number: float) -> bool:
        """Whether one float stays because it is whole, or no number."""
        if not math.isfinite(number):
            return True
        return not self.whole and number.is_integer() and abs(number) < WHOLE

    def one(self, number: float) -> float:
        """Move one float as an array's are, without an array; 0 has no ulp, and stays."""
        if not number:
            return number
        mixed = ((_BITS(_BYTES(abs(number)))[0] ^ self._salt) * _M1) & _ALL
        is_up = ((mixed ^ (mixed >> 32)) * _M2) & _FIRST
        after = math.nextafter(number, math.copysign(math.inf, number) if is_up else 0.0 * number)
        return after if number.__class__ is float else type(number)(after)

    def some(self, result: Any, where: Any, scale: Any = None, whole: bool | None = None) -> Any:
        """Move some of the numbers of a result by an ulp, or by `scale` where that is more.

        Parameters
        ----------
        result : float, complex or ndarray
            What to move.
        where : bool or ndarray of bool
            Which of it.
        scale : float or ndarray, optional
            How far.
        whole : bool, optional
            Whether whole numbers are moved, too; by default what the machine does.
        """
        if is_of_class(result):
            return in_class(result, self.some(plain(result), where, scale, whole))
        numbers = np.asarray(result)
        whole = self.whole if whole is None else whole
        if numbers.dtype.char == "d" and numbers.size > PIECE:
            return self._in_pieces(numbers, where, scale, whole)
        if not whole:
            broken = _is_broken(numbers)
            where = broken if where is True else broken & where
        if scale is None and not whole and numbers.dtype.char == "d":
            after = self._stepped(numbers, where)
        elif numbers.dtype.char == "d":
            after = self._piece(numbers, where, scale, False)
        else:
            after = np.where(where, self.all(numbers, scale), numbers)
        if isinstance(result, np.ndarray):
            return after if after.dtype == result.dtype else after.astype(result.dtype)
        return type(result)(after[()])

    def _in_pieces(self, numbers: Any, where: Any, scale: Any, whole: bool) -> Any:
        """Do what `some` does with a large array of doubles, each piece while it is at hand."""
        where, scale = (_like(one, numbers.shape) for one in (where, scale))
        if numbers.flags.f_contiguous and numbers.ndim > 1:
            where, scale = (one.T if isinstance(one, np.ndarray) else one for one in (where, scale))
            return self._in_pieces(numbers.T, where, scale, whole).T
        after = np.empty(numbers.shape)
        rows = PIECE // numbers[0].size
        for first in range(0, len(numbers), max(1, rows)):
            part = slice(first, first + rows) if rows else first
            of_where, of_scale = (_part(one, part) for one in (where, scale))
            after[part] = self.some(numbers[part], of_where, of_scale, whole)
        return after

    def all(self, numbers: Any, scale: Any = None, places: bool = False) -> Any:
        """Move every number of an array; with `places`, equal ones not alike."""
        if is_of_class(numbers):
            return in_class(numbers, self.all(plain(numbers), scale, places))
        if numbers.dtype.kind == "c":
            after = np.empty(numbers.shape, numbers.dtype)
            after.real = self.all(numbers.real, scale, places)
            after.imag = self.all(numbers.imag, scale, places)
            return after
        if numbers.dtype.char == "d":
            if numbers.size > PIECE and not places:
                return self._in_pieces(numbers, True, scale, True)
            return self._piece(numbers, True, scale, places)
        if numbers.dtype != np.float32 or not self._single:
            return numbers  # where Octave rounds to double alone, singles are no rounding of its
        sizes = np.abs(np.ascontiguousarray(numbers)).reshape(numbers.shape)
        bits = sizes.view(np.uint32)
        up = self._mixed(bits.astype(np.uint64), places) >> _TOP != 0
        stepped = (bits + np.where(up, 1, -1).astype(np.uint32)).view(np.float32)
        after = np.copysign(np.where(sizes == 0, 0, stepped), numbers)
        if scale is not None:
            wide = np.broadcast_to(scale > np.spacing(sizes), numbers.shape)
            signed = np.where(up, scale, -np.asarray(scale))
            after = np.where(wide, numbers + np.copysign(1, numbers) * signed, after)
        return np.where(np.isfinite(numbers), after, numbers)

    def _piece(self, numbers: Any, where: Any, scale: Any, places: bool) -> Any:
        bits = np.ascontiguousarray(numbers).view(np.uint64).reshape(numbers.shape)
        sizes = bits & _SIGNLESS
        step = self._mixed(sizes, places)
        step >>= _TOP
        if scale is not None:
            up = step != 0
        step <<= _ONE
        step -= _ONE  # 1, or the -1 of numbers that wrap round
        moves = np.isfinite(numbers)
        moves &= where
        step *= moves & (sizes != 0)
        step += bits
        after = step.view(np.float64)
        if scale is None:
            return after
        wide = scale > np.spacing(sizes.view(np.float64))
        wide &= moves
        if not wide.any():
            return after
        signed = np.where(up, scale, -np.asarray(scale)) * np.copysign(1.0, numbers)
        return np.where(wide, numbers + signed, after)

    def _stepped(self, broken: Any, where: Any) -> Any:
        """Move broken numbers by an ulp: what `_piece` does, in fewer steps."""
        bits = np.ascontiguousarray(broken).view(np.uint64).reshape(broken.shape)
        step = self._mixed(bits & _SIGNLESS, False)
        step >>= _TOP
        step <<= _ONE
        step -= _ONE
        step *= where
        step += bits
        return step.view(np.float64)

    def _mixed(self, bits: Any, places: bool) -> Any:
        """Mix each number's bits: the first of the result says whether it goes up."""
        mixed = np.asarray(bits ^ self._salt_64)
        if places:
            count = np.arange(bits.size, dtype=np.uint64).reshape(bits.shape)
            mixed ^= count * _U2
        mixed *= _U1
        mixed ^= mixed >> _HALF_WIDTH
        mixed *= _U2
        return mixed


def _like(value: Any, shape: tuple[int, ...]) -> Any:
    """Bring what there may be for each element to the shape of an array, without a copy."""
    return np.broadcast_to(value, shape) if isinstance(value, np.ndarray) else value


def _part(value: Any, part: slice | int) -> Any:
    return value[part] if isinstance(value, np.ndarray) else value


def _is_broken(numbers: Any) -> Any:
    """Tell which numbers are not whole, or so large that being whole says nothing; NaN is none."""
    broken = np.asarray(numbers != np.rint(numbers))
    broken &= numbers == numbers
    if broken.all():
        return broken
    sizes = np.abs(numbers)
    if sizes.max() < WHOLE:
        return broken
    return broken | ((sizes >= WHOLE) & np.isfinite(sizes))


def is_of_class(value: Any) -> bool:
    """Whether a value is an array with rules of its own: masked, a matrix, or in a table."""
    if isinstance(value, np.ndarray):
        return type(value) is not np.ndarray
    return is_table(value)


def is_table(value: Any) -> bool:
    """Whether a value holds an array of broken numbers, and is none: pandas' and xarray's do."""
    if not hasattr(type(value), "__array__") or isinstance(value, (np.ndarray, np.generic)):
        return False
    try:
        return np.asarray(value).dtype.kind in "fc"
    except Exception:  # whatever a class of somebody's raises
        return False


def plain(value: Any) -> Any:
    """Return the numbers of an array with rules of its own; all else as it is."""
    if is_table(value):
        return np.asarray(value)
    return value.view(np.ndarray) if is_of_class(value) else value


def in_class(value: Any, numbers: Any) -> Any:
    """Return an array with rules of its own with other numbers."""
    if not isinstance(value, np.ndarray):
        before = np.asarray(value)
        with np.errstate(invalid="ignore"):
            steps = np.where(np.isfinite(before), numbers - before, 0)
        try:
            made = value + steps  # exactly: they are near
        except Exception:  # nothing can be added to a file's, say
            return value
        return made if type(made) is type(value) else value
    made = value.copy()
    plain(made)[...] = numbers
    return made
