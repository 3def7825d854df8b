"""Octave's rand: the same random numbers, bit for bit."""

import numpy as np

from backprop._octave import as_array, as_float, is_real_number, numel, octave_class

_STATE_SIZE = 625
"""Elements of a saved state: the 624 words of the Mersenne Twister, then how many are left."""

_LARGEST_WORD = 2**32 - 1

_stream = np.random.RandomState()


def rand(*args):
    """Random numbers from the uniform distribution on (0, 1), from Octave's own stream.

    ``rand()``, ``rand(n)``, ``rand(m, n, ...)``, ``rand([m, n, ...])``
        A number; an n x n array; an array of this size, filled column by column.
    ``rand(..., "single")``, ``rand(..., "double")``
        Of class float32, which Octave draws in another way, or float64 (the default).
    ``rand("twister", s)``
        Seed the stream, so that it goes on as Octave's does after the same call.
    ``rand("twister")``
        The state of the stream. Used as `s` it puts the stream back to where it was.

    Without a seed the stream starts from the system's entropy. `randperm` draws from the same
    stream.

    Parameters
    ----------
    m, n, ... : int
        Sizes; a negative one counts as 0.
    s : number or array_like
        Each element is rounded to a whole number, halves away from zero, and brought into
        0 ... 2^32 - 1; NaN and infinities count as 0. 625 elements of which the last is from 1
        to 624 are a state; all else is a seed. "state" is another word for "twister".

    Returns
    -------
    float or ndarray
        Random numbers; None after seeding; 625 numbers of class uint32 for the state.

    Raises
    ------
    TypeError
        If a size or a seed is not a number.
    ValueError
        If a size is not a whole number, if `s` is empty or the state of a stream that never
        leaves 0, or for words that this port does not know; of Octave's, those are "seed" and
        "reset".

    Notes
    -----
    Octave 7's rand is the Mersenne Twister MT19937, seeded by ``init_by_array``, as NumPy's
    ``RandomState([s])`` is. A double takes 53 bits of two words, a single the low 24 bits of one
    word; a number that would be 0 is drawn again.

    Examples
    --------
    >>> rand("twister", 42)
    >>> rand(2, 3).round(4).tolist()
    [[0.6394, 0.275, 0.7365], [0.025, 0.2232, 0.6767]]
    """
    # Seed
    if args and isinstance(args[0], str) and args[0] in ("twister", "state"):
        if len(args) > 2:
            raise ValueError('rand: expected rand("twister") or rand("twister", s)')
        return _state() if len(args) == 1 else _seed(args[1])

    # Class
    single = False
    if args and isinstance(args[-1], str) and args[-1] in ("double", "single"):
        single = args[-1] == "single"
        args = args[:-1]
    for word in args:
        if isinstance(word, str):
            raise ValueError(
                f'rand: "{word}" is not supported here; known are "twister" and "state" as the '
                'first argument, "double" and "single" as the last'
            )

    # Sizes
    shape = _shape(args)
    count = int(np.prod(shape, dtype=object))

    # Draw
    numbers = _without_zeros(_singles if single else _stream.random_sample, count)

    return numbers.reshape(shape, order="F") if args else numbers[0]


def _state():
    _, words, position, *_ = _stream.get_state()
    return np.append(words, np.uint32(_STATE_SIZE - position))


def _seed(s):
    if octave_class(s) != "logical" and not is_real_number(s):
        raise TypeError(f"rand: the seed must be real and numeric, got class {octave_class(s)}")
    s = as_array(s).ravel(order="F")
    if s.size == 0:
        raise ValueError("rand: the seed is empty; it needs at least one element")
    words = _words(s)
    left = int(words[-1])
    if s.size == _STATE_SIZE and 0 < left < _STATE_SIZE:
        if not np.any(words[:-1]):
            raise ValueError("rand: a state must not be all zeros: every number would be 0")
        _stream.set_state(("MT19937", words[:-1], _STATE_SIZE - left))
    else:
        _stream.seed(words.tolist())


def _words(s):
    """Round to whole numbers, halves away from zero, in the range of a 32-bit word."""
    s = np.where(np.isfinite(s), s, 0).astype(np.float64)
    whole = np.trunc(s) + (s - np.trunc(s) >= 0.5)
    return np.clip(whole, 0, _LARGEST_WORD).astype(np.uint32)


def _shape(args):
    for n in args:
        if octave_class(n) != "logical" and not is_real_number(n):
            raise TypeError(f"rand: a size must be a number, got class {octave_class(n)}")
        if not np.all(np.isfinite(as_float(n))) or np.any(as_float(n) % 1):
            raise ValueError("rand: a size must be a whole number")
    if len(args) > 1 and any(numel(n) != 1 for n in args):
        raise ValueError("rand: expected rand(m, n, ...) or rand([m, n, ...]), got a mix")
    sizes = [max(0, int(n)) for arg in args for n in as_array(arg).ravel(order="F")]
    if len(args) == 1 and len(sizes) < 2:
        sizes = 2 * (sizes or [0])
    while len(sizes) > 2 and sizes[-1] == 1:
        sizes.pop()
    return tuple(sizes)


def _singles(count):
    bits = _stream.randint(2**32, size=count, dtype=np.uint32) & 0xFFFFFF
    return bits.astype(np.float32) / np.float32(2**24)


def _without_zeros(draw, count):
    """Draw `count` numbers, and others for those that are 0, as if one after the other."""
    numbers = draw(count)
    while not np.all(numbers):
        numbers = numbers[numbers > 0]
        numbers = np.append(numbers, draw(count - numbers.size))
    return numbers
