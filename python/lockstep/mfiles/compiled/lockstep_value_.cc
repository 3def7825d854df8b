// The compiled twin of lockstep_value_.m, the recorder of a trace; see there for what it is called
// with. It keeps references to values, as the variables of Octave do: nothing is copied here.

#include <cmath>
#include <vector>

#include <octave/oct.h>
#include <octave/interpreter.h>
#include <octave/ov-struct.h>
#include <octave/parse.h>

namespace
{
  const double FRAME_STEP = 1048576;  // 2^20
  const octave_idx_type LARGE = 8192;  // elements of an array of which changes are kept
  const double SMALL = 4096;          // bytes of a value that is kept in any case

  struct Trace
  {
    double count = 0;
    double limit = -1;
    double bytes = 0;
    double frames = 0;
    std::vector<double> marks;
    std::vector<bool> too_large;
    std::vector<octave_value> values;

    void
    begin (double most, double most_bytes)
    {
      *this = Trace ();
      limit = most;
      bytes = most_bytes;
    }

    // Note a record, and say whether its value is to be kept.
    bool
    note (double mark)
    {
      count++;
      if (count > limit)
        return false;
      marks.push_back (mark);
      too_large.push_back (false);
      values.push_back (octave_value (Matrix ()));
      return true;
    }

    void
    keep (const octave_value& value)
    {
      double size = value.byte_size ();
      if (size <= bytes)
        bytes -= size;
      else if (size > SMALL)
        {
          too_large.back () = true;
          dim_vector sizes = value.dims ();
          RowVector told (sizes.ndims ());
          for (int k = 0; k < sizes.ndims (); k++)
            told(k) = sizes(k);
          values.back () = told;
          return;
        }
      values.back () = value;
    }
  };

  Trace trace;

  // What lockstep_value_.m keeps of a call that begins: the function, how many arguments it was
  // given, and the lines of the stack, with the recorder itself on top.
  octave_value
  entered (double function, double given)
  {
    octave_map stack = octave::feval ("dbstack", ovl (), 1)(0).map_value ();
    octave_idx_type n = stack.numel ();
    RowVector told (n + 4);
    told(0) = function;
    told(1) = given;
    told(2) = n + 1;
    told(3) = -1;
    Cell lines = stack.contents ("line");
    for (octave_idx_type k = 0; k < n; k++)
      told(k + 4) = lines(k).double_value ();
    return told;
  }

  octave_value
  recorded ()
  {
    octave_idx_type n = trace.marks.size ();
    RowVector marks (n);
    boolMatrix too_large (1, n);
    Cell values (1, n);
    for (octave_idx_type k = 0; k < n; k++)
      {
        marks(k) = trace.marks[k];
        too_large(0, k) = trace.too_large[k];
        values(k) = trace.values[k];
      }
    octave_scalar_map told;
    told.setfield ("count", trace.count);
    told.setfield ("marks", marks);
    told.setfield ("too_large", too_large);
    told.setfield ("values", values);
    trace = Trace ();
    return told;
  }
}

DEFMETHOD_DLD (lockstep_value_, interp, args, nargout, "The recorder of a trace.")
{
  double frame = args(0).double_value ();
  double site = args(1).double_value ();
  if (site > 0)
    {
      if (args.length () != 3 || args(2).is_undefined ())
        error ("lockstep_value_: one value is expected");
      if (site >= FRAME_STEP && args(2).numel () >= LARGE)
        {
          octave::feval ("lockstep_part_", args);
          return ovl ();
        }
      site = std::fmod (site, FRAME_STEP);
      if (trace.note (frame + site))
        trace.keep (args(2));
      return nargout ? ovl (args(2)) : ovl ();
    }
  if (site == 0)
    {
      trace.note (frame);
      return ovl ();
    }
  if (site == -1)
    {
      trace.frames += FRAME_STEP;
      if (trace.note (trace.frames))
        trace.values.back () = entered (frame, args(2).double_value ());
      return nargout ? ovl (trace.frames) : ovl ();
    }
  if (site == -2)
    {
      interp.mlock ();
      trace.begin (frame, args(2).double_value ());
      return ovl ();
    }
  interp.munlock ("lockstep_value_");
  return ovl (recorded ());
}
