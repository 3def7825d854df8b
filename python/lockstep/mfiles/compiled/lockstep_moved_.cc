// The compiled twin of lockstep_moved_.m, which moves what Octave computes: see there for what it is
// called with, and for what decides where a number goes. It gives the same bits.

#include <cmath>
#include <cstdint>
#include <cstring>

#include <octave/oct.h>
#include <octave/lo-mappers.h>

#include "lockstep_tree_.h"

namespace
{
  std::uint64_t salt = 0;

  double
  spacing (double size)
  {
    int exponent;
    std::frexp (size, &exponent);
    return std::ldexp (1.0, std::max (exponent - 53, -1074));
  }

  // Move a broken number to a neighbour; whether up or down its own bits decide.
  double
  moved (double number)
  {
    if (number == std::trunc (number) || ! std::isfinite (number))
      return number;
    double size = std::abs (number);
    std::uint64_t bits;
    std::memcpy (&bits, &size, sizeof bits);
    std::uint64_t mixed = (bits >> 32) * (7919 * salt + 1013) % 65521;
    mixed = ((bits & 0xffffffff) + mixed) * (104729 * salt + 15731) % 65537;
    double step = mixed % 2 ? spacing (size) : -spacing (size);
    return number + (number < 0 ? -step : step);
  }

  octave_value
  moved (const octave_value& value)
  {
    if (value.is_real_scalar () && value.is_double_type ())
      return moved (value.double_value ());
    if (! value.is_double_type () || value.issparse () || ! value.isnumeric ())
      return value;
    if (value.iscomplex ())
      {
        ComplexNDArray all = value.complex_array_value ();
        for (octave_idx_type k = 0; k < all.numel (); k++)
          all(k) = Complex (moved (all(k).real ()), moved (all(k).imag ()));
        return all;
      }
    NDArray all = value.array_value ();
    for (octave_idx_type k = 0; k < all.numel (); k++)
      all(k) = moved (all(k));
    return all;
  }

  octave_value
  given (octave::tree_evaluator&, octave::tree_argument_list&, double, const octave_value& value)
  {
    return moved (value);
  }

  lockstep::Shortcuts shortcuts ({"lockstep_moved_", 1, given});
}

DEFMETHOD_DLD (lockstep_moved_, interp, args, , "Move what Octave computes to a neighbour.")
{
  if (args.length () > 1)
    {
      shortcuts.undo ();
      interp.munlock ("lockstep_moved_");
      salt = static_cast<std::uint64_t> (args(1).double_value ());
      return ovl (Matrix ());
    }
  shortcuts.into_caller (interp);
  return ovl (moved (args(0)));
}
