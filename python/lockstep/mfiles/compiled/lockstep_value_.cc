// The compiled twin of lockstep_value_.m, the recorder of a trace; see there for what it is called
// with. It keeps references to values, as the variables of Octave do: nothing is copied here.

#include <algorithm>
#include <cmath>
#include <vector>

#include <octave/oct.h>
#include <octave/interpreter.h>
#include <octave/ov-struct.h>
#include <octave/parse.h>

#include "lockstep_tree_.h"

namespace
{
  const double FRAME_STEP = 1048576;  // 2^20
  const octave_idx_type LARGE = 8192;  // elements of an array of which changes are kept
  const double SMALL = 4096;          // bytes of a value that is kept in any case

  // What lockstep_blocks_.m has of a place: sums of the blocks that have ended, and of the open one.
  struct Sums
  {
    std::size_t count = 0;
    double number = 0;
    double size = 0;
    std::vector<double> ended;

    void
    add (double value, double value_size, const std::vector<double>& weights)
    {
      if (std::isnan (value))
        value = 0.7;
      else if (std::isinf (value))
        value = value > 0 ? 1.3 : -1.7;
      number += weights[count] * value;
      size += std::isfinite (value_size) ? value_size : 1;
      if (++count == weights.size ())
        end ();
    }

    void
    end ()
    {
      ended.push_back (number);
      ended.push_back (size);
      count = 0;
      number = size = 0;
    }
  };

  struct Trace
  {
    double count = 0;
    double limit = -1;
    double bytes = 0;
    double frames = 0;
    std::vector<double> marks;
    std::vector<bool> too_large;
    std::vector<octave_value> values;

    // Of a trace that keeps only a part, or sums of blocks.
    int part = 0;               // 1: a part, 2: sums
    double watched = 0;
    double first = 0;
    double last = 0;
    double seen = 0;
    double most = 0;
    bool has_ended = false;
    std::vector<double> open_marks;       // the calls that have not returned
    std::vector<octave_value> open;
    std::vector<double> weights;
    std::vector<Sums> sums;               // by site

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

  // Note the value of a site for the sums.
  void
  sum (double site, const octave_value& value)
  {
    double number = 0;
    double size = 0;
    if (value.is_real_scalar () && (value.isnumeric () || value.islogical ()))
      {
        number = value.double_value ();
        size = std::abs (number);
      }
    else
      {
        octave_value_list two = octave::feval ("lockstep_summed_", ovl (value), 2);
        number = two(0).double_value ();
        size = two(1).double_value ();
      }
    std::size_t place = static_cast<std::size_t> (site);
    if (trace.sums.size () <= place)
      trace.sums.resize (place + 1);
    trace.sums[place].add (number, size, trace.weights);
  }

  // The sums of all blocks, as lockstep_blocks_.m returns them.
  octave_scalar_map
  all_sums ()
  {
    std::vector<double> sites;
    std::vector<octave_value> found;
    for (std::size_t site = 0; site < trace.sums.size (); site++)
      {
        Sums& sums = trace.sums[site];
        if (sums.count > 0)
          sums.end ();
        if (sums.ended.empty ())
          continue;
        Matrix two (2, sums.ended.size () / 2);
        std::copy (sums.ended.begin (), sums.ended.end (), two.fortran_vec ());
        sites.push_back (site);
        found.push_back (two);
      }
    RowVector places (sites.size ());
    Cell each (1, sites.size ());
    for (std::size_t k = 0; k < sites.size (); k++)
      {
        places(k) = sites[k];
        each(k) = found[k];
      }
    octave_scalar_map told;
    told.setfield ("sites", places);
    told.setfield ("sums", each);
    return told;
  }

  // Begin or end the part that is kept, where this value of the watched site is its first or last.
  void
  watch ()
  {
    trace.seen++;
    if (trace.seen == trace.first)
      {
        trace.limit = trace.most;
        trace.count = 0;
        for (std::size_t k = 0; k < trace.open.size (); k++)
          if (trace.note (trace.open_marks[k]))
            trace.values.back () = trace.open[k];
      }
    else if (trace.seen == trace.last)
      {
        trace.most = trace.count;
        trace.limit = 0;
        trace.has_ended = true;
      }
  }

  // Note a call that has begun, and forget those that an error has ended.
  void
  open_call (double mark, const octave_value& told)
  {
    double height = told.row_vector_value ()(2);
    while (! trace.open.empty () && trace.open.back ().row_vector_value ()(2) >= height)
      {
        trace.open.pop_back ();
        trace.open_marks.pop_back ();
      }
    trace.open.push_back (told);
    trace.open_marks.push_back (mark);
  }

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

  // Note what a site gave in a call.
  void
  record (double frame, double site, const octave_value& value)
  {
    if (site >= FRAME_STEP && value.numel () >= LARGE)
      {
        octave::feval ("lockstep_part_", ovl (frame, site, value));
        return;
      }
    site = std::fmod (site, FRAME_STEP);
    if (trace.note (frame + site))
      trace.keep (value);
    if (trace.part == 1 && site == trace.watched)
      watch ();
    else if (trace.part == 2)
      sum (site, value);
  }

  double
  written (const octave_value& site)
  {
    return site.double_value ();
  }

  octave_value
  given (octave::tree_evaluator&, double site, const octave_value& frame,
         const octave_value& value)
  {
    record (frame.double_value (), site, value);
    return value;
  }

  lockstep::Shortcuts shortcuts ({"lockstep_value_", 3, given, written, true});

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
    bool is_part = trace.part == 1 && trace.limit == 0;
    double count = is_part ? trace.has_ended * trace.most : trace.count;
    told.setfield ("count", trace.part == 2 ? 0.0 : count);
    if (trace.part == 2)
      told.setfield ("blocks", all_sums ());
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
      shortcuts.into_caller (interp);
      record (frame, site, args(2));
      return nargout ? ovl (args(2)) : ovl ();
    }
  if (site == 0)
    {
      trace.note (frame);
      if (trace.part == 1 && ! trace.open.empty () && trace.open_marks.back () == frame)
        {
          trace.open.pop_back ();
          trace.open_marks.pop_back ();
        }
      return ovl ();
    }
  if (site == -1)
    {
      shortcuts.into_caller (interp);
      trace.frames += FRAME_STEP;
      bool noted = trace.note (trace.frames);
      if (noted || trace.part == 1)
        {
          octave_value told = entered (frame, args(2).double_value ());
          if (noted)
            trace.values.back () = told;
          if (trace.part == 1)
            open_call (trace.frames, told);
        }
      return nargout ? ovl (trace.frames) : ovl ();
    }
  if (site == -2)
    {
      interp.mlock ();
      shortcuts.undo ();
      trace.begin (frame, args(2).double_value ());
      return ovl ();
    }
  if (site == -4)
    {
      RowVector ends = args(2).row_vector_value ();
      trace.part = 1;
      trace.watched = frame;
      trace.first = ends(0);
      trace.last = ends(1);
      trace.most = trace.limit;
      if (trace.first > 0)
        trace.limit = 0;
      return ovl ();
    }
  if (site == -5)
    {
      trace.part = 2;
      trace.limit = 0;
      for (int k = 1; k <= frame; k++)
        trace.weights.push_back (std::sin (k * 1.2345 + 0.5));
      return ovl ();
    }
  shortcuts.undo ();
  interp.munlock ("lockstep_value_");
  return ovl (recorded ());
}
