function r = lockstep_value_ (frame, site, value)
% The recorder of a trace: returns VALUE, and notes that SITE gave it in the call FRAME.
%
% lockstep_value_ (FRAME, SITE, VALUE) stands around an expression of the instrumented copy of a
% .m file, or after a statement; sites count from 1. lockstep_value_ (FRAME, 0) records that the
% call returns. FRAME = lockstep_value_ (FUNCTION, -1, GIVEN) records that the function of that
% number is entered with GIVEN arguments: a multiple of 2^20, so that FRAME + SITE tells both. A
% script, and a function that clears its variables, has minus its number times 2^20 instead.
%
% lockstep_value_ (FRAME, SITE + 2^20 * VARIABLE, VALUE) stands after a statement that changed a part
% of a variable: of a large one it notes what was changed (see lockstep_part_).
%
% lockstep_value_ (LIMIT, -2, BYTES) begins a trace of at most LIMIT records with at most BYTES of
% values (small ones are always kept); RECORDED = lockstep_value_ (0, -3) ends it. Without a trace nothing is recorded.
%
% It runs at every expression: what is common comes first, and what can wait, waits for the end.
  persistent count = 0;
  persistent limit = -1;
  persistent bytes marks values too_large frames;
  if (site > 0)
    if (site >= 2^20)
      if (numel (value) >= 8192)
        lockstep_part_ (frame, site, value);
        return;
      endif
      site = mod (site, 2^20);
    endif
    if (++count <= limit)
      marks(count) = frame + site;
      if ((bytes -= sizeof (value)) >= 0)
        values{count} = value;
      else
        bytes += sizeof (value);
        too_large(count) = sizeof (value) > 4096;
        if (too_large(count))
          values{count} = size (value);
        else
          values{count} = value;
        endif
      endif
    endif
    if (nargout)
      r = value;
    endif
  elseif (site == 0)
    if (++count <= limit)
      marks(count) = frame;
    endif
  elseif (site == -1)
    frames += 2^20;
    if (++count <= limit)
      marks(count) = frames;
      stack = dbstack ();
      values{count} = [frame, value, numel(stack), stack.line];
    endif
    if (nargout)
      r = frames;
    endif
  elseif (site == -2)
    mlock ();
    limit = frame;
    bytes = value;
    count = frames = 0;
    marks = zeros (1, limit);
    values = cell (1, limit);
    too_large = false (1, limit);
  else
    munlock ();
    n = min (count, limit);
    r = struct ('count', count, 'marks', marks(1:n), 'too_large', too_large(1:n));
    r.values = values(1:n);
    limit = -1;
    marks = values = too_large = [];
  endif
endfunction
