// The compiled twin of lockstep_moved_.m, which moves what Octave computes: see there for what it is
// called with, and for what decides where a number goes. It gives the same bits.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <map>
#include <string>

#include <octave/oct.h>
#include <octave/interpreter.h>
#include <octave/lo-mappers.h>
#include <octave/ov.h>

#include "lockstep_tree_.h"

namespace
{
  std::uint64_t salt = 0;
  bool wholes = true;  // whether whole numbers move at all

  double
  spacing (double size)
  {
    int exponent;
    std::frexp (size, &exponent);
    return std::ldexp (1.0, std::max (exponent - 53, -1074));
  }

  // Move a broken number, or any but 0, to a neighbour; whether up or down its own bits decide, and
  // its place in an array where one is given.
  double
  moved (double number, bool whole = false, std::uint64_t place = 0)
  {
    if (number == (whole ? 0 : std::trunc (number)) || ! std::isfinite (number))
      return number;
    double size = std::abs (number);
    std::uint64_t bits;
    std::memcpy (&bits, &size, sizeof bits);
    std::uint64_t mixed = (bits >> 32) * (7919 * salt + 1013) % 65521;
    mixed = ((bits & 0xffffffff) + mixed + 7907 * place) * (104729 * salt + 15731) % 65537;
    double step = mixed % 2 ? spacing (size) : -spacing (size);
    return number + (number < 0 ? -step : step);
  }

  octave_value
  moved (const octave_value& value, bool whole = false, bool places = false)
  {
    if (value.is_real_scalar () && value.is_double_type ())
      return moved (value.double_value (), whole);
    if (! value.is_double_type () || value.issparse () || ! value.isnumeric ())
      return value;
    if (value.iscomplex ())
      {
        ComplexNDArray all = value.complex_array_value ();
        for (octave_idx_type k = 0; k < all.numel (); k++)
          all(k) = Complex (moved (all(k).real (), whole, places * (k + 1)),
                            moved (all(k).imag (), whole, places * (k + 1)));
        return all;
      }
    NDArray all = value.array_value ();
    for (octave_idx_type k = 0; k < all.numel (); k++)
      all(k) = moved (all(k), whole, places * (k + 1));
    return all;
  }

  // Which operation a text means; num_binary_ops for none of those that round.
  octave_value::binary_op
  operation (const std::string& name)
  {
    static const std::map<std::string, octave_value::binary_op> all = {
      { "+", octave_value::op_add }, { "-", octave_value::op_sub },
      { "*", octave_value::op_mul }, { "/", octave_value::op_div },
      { "^", octave_value::op_pow }, { ".*", octave_value::op_el_mul },
      { "./", octave_value::op_el_div }, { ".^", octave_value::op_el_pow },
      { ".\\", octave_value::op_el_ldiv }
    };
    auto found = all.find (name);
    return found == all.end () ? octave_value::num_binary_ops : found->second;
  }

  // What exactness is asked of: a sum, a product (of which a quotient is one), or none that is known.
  enum class Exact { sum, difference, product, quotient, turned, square, unknown };

  Exact
  exactness (octave_value::binary_op what, const octave_value& a, const octave_value& b)
  {
    bool one = a.numel () == 1, other = b.numel () == 1;
    switch (what)
      {
      case octave_value::op_add:
        return Exact::sum;
      case octave_value::op_sub:
        return Exact::difference;
      case octave_value::op_mul:
        return one || other ? Exact::product : Exact::unknown;
      case octave_value::op_el_mul:
        return Exact::product;
      case octave_value::op_div:
        return other ? Exact::quotient : Exact::unknown;
      case octave_value::op_el_div:
        return Exact::quotient;
      case octave_value::op_el_ldiv:
        return Exact::turned;
      case octave_value::op_pow:
        return one && other && b.double_value () == 2 ? Exact::square : Exact::unknown;
      case octave_value::op_el_pow:
        return other && b.double_value () == 2 ? Exact::square : Exact::unknown;
      default:
        return Exact::unknown;
      }
  }

  // Whether a times b, not rounded, is the product (Dekker).
  bool
  is_product (double a, double b, double product)
  {
    double a_high = 134217729 * a;
    a_high = a_high - (a_high - a);
    double b_high = 134217729 * b;
    b_high = b_high - (b_high - b);
    double a_low = a - a_high, b_low = b - b_high;
    return a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low) == 0;
  }

  bool
  is_exact (Exact kind, double a, double b, double r)
  {
    double part = r - a;
    switch (kind)
      {
      case Exact::sum:
        return (a - (r - part)) + (b - part) == 0;
      case Exact::difference:
        return (a - (r - part)) - (b + part) == 0;
      case Exact::product:
        return is_product (a, b, r);
      case Exact::quotient:
        return is_product (r, b, a);
      case Exact::turned:
        return is_product (r, a, b);
      case Exact::square:
        return is_product (a, a, r);
      default:
        return false;
      }
  }

  // The place of an operand's element that made the result's element k.
  octave_idx_type
  place (octave_idx_type k, const dim_vector& result, const dim_vector& operand)
  {
    octave_idx_type found = 0, step = 1;
    for (int i = 0; i < result.ndims (); i++)
      {
        octave_idx_type count = i < operand.ndims () ? operand(i) : 1;
        if (count > 1)
          found += k % result(i) * step;
        step *= count;
        k /= result(i);
      }
    return found;
  }

  NDArray
  moved_operation (const octave_value& value, Exact kind, const octave_value& a,
                   const octave_value& b, bool whole)
  {
    NDArray all = value.array_value ();
    NDArray left = a.array_value (true), right = b.array_value (true);
    bool plain = left.dims () == all.dims () && right.dims () == all.dims ();
    for (octave_idx_type k = 0; k < all.numel (); k++)
      {
        if (! whole && all(k) == std::trunc (all(k)))
          continue;
        double one = left(plain ? k : place (k, all.dims (), left.dims ()));
        double other = right(plain ? k : place (k, all.dims (), right.dims ()));
        if (! is_exact (kind, one, other, all(k)))
          all(k) = moved (all(k), whole);
      }
    return all;
  }

  octave_value
  moved (octave::type_info& types, octave_value::binary_op what, const octave_value& a,
         const octave_value& b, bool whole = false)
  {
    if (what == octave_value::op_div && b.numel () != 1)  // the library solves it
      return moved (octave::binary_op (types, what, moved (a, wholes && a.numel () > 1),
                                        moved (b, wholes)), whole);
    octave_value value = octave::binary_op (types, what, a, b);
    bool is_real = value.is_double_type () && value.isreal () && ! value.issparse ()
                   && a.isreal () && b.isreal ();
    Exact kind = is_real ? exactness (what, a, b) : Exact::unknown;
    if (kind == Exact::unknown)
      return moved (value, whole);
    if (! (value.is_real_scalar () && a.is_real_scalar () && b.is_real_scalar ()))
      return moved_operation (value, kind, a, b, whole);
    double r = value.double_value ();
    bool stays = (! whole && r == std::trunc (r))
                 || is_exact (kind, a.double_value (), b.double_value (), r);
    return stays ? r : moved (r, whole);
  }

  octave_value
  given_value (octave::tree_evaluator&, double, const octave_value&, const octave_value& value)
  {
    return moved (value);
  }

  // The operation is told by its number in Octave, and one more: 0 is none.
  double
  numbered (const octave_value& name)
  {
    octave_value::binary_op what = operation (name.string_value ());
    return what == octave_value::num_binary_ops ? 0 : what + 1;
  }

  octave_value
  given_operands (octave::tree_evaluator& evaluator, double number, const octave_value& a,
                  const octave_value& b)
  {
    auto what = static_cast<octave_value::binary_op> (static_cast<int> (number) - 1);
    return moved (evaluator.get_interpreter ().get_type_info (), what, a, b);
  }

  lockstep::Shortcuts values ({"lockstep_moved_", 1, given_value, nullptr, false});
  lockstep::Shortcuts operations ({"lockstep_moved_", 3, given_operands, numbered, true});
}

DEFMETHOD_DLD (lockstep_moved_, interp, args, , "Move what Octave computes to a neighbour.")
{
  if (args.length () == 2)
    {
      values.undo ();
      operations.undo ();
      interp.munlock ("lockstep_moved_");
      wholes = args(0).double_value () != 0;
      salt = static_cast<std::uint64_t> (args(1).double_value ());
      return ovl (Matrix ());
    }
  values.into_caller (interp);
  operations.into_caller (interp);
  if (args.length () < 3)
    return ovl (moved (args(0)));
  if (args(1).string_value () == "all")
    {
      bool is_array = wholes && args(0).numel () > 1;
      return ovl (moved (args(0), is_array, is_array && args(2).double_value () != 0));
    }
  octave_value::binary_op what = operation (args(1).string_value ());
  bool whole = args.length () > 3 && args(3).bool_value ();
  return ovl (moved (interp.get_type_info (), what, args(0), args(2), whole));
}
