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
% After its beginning, lockstep_value_ (SITE, -4, [FIRST, LAST]) lets it keep only what is between
% the value of that number of SITE and another, and lockstep_value_ (SIZE, -5) sums of blocks only.
%
% It runs at every expression: what is common comes first, and what can wait, waits for the end.
  persistent count = 0;
  persistent limit = -1;
  persistent part = 0;
  persistent bytes marks values too_large frames most watched first last seen open;
  persistent pending sites numbers sizes;
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
    if (part == 1 && site == watched)
      if (++seen == first)
        limit = most;
        count = rows (open);
        marks(1:count) = [open{:, 1}];
        values(1:count) = open(:, 2);
      elseif (seen == last)
        most = count;
        limit = 0;
      endif
    elseif (part == 2)
      sites(++pending) = site;
      if (isscalar (value) && isreal (value) && ! ischar (value))
        numbers(pending) = double (value);
        sizes(pending) = abs (double (value));
      else
        [numbers(pending), sizes(pending)] = lockstep_summed_ (value);
      endif
      if (pending == 50000)
        lockstep_blocks_ (sites, numbers, sizes);
        pending = 0;
      endif
    endif
    if (nargout)
      r = value;
    endif
  elseif (site == 0)
    if (++count <= limit)
      marks(count) = frame;
    endif
    if (part == 1 && ! isempty (open))
      open([open{:, 1}] == frame, :) = [];
    endif
  elseif (site == -1)
    frames += 2^20;
    if (++count <= limit || part == 1)
      stack = dbstack ();
      entered = [frame, value, numel(stack), stack.line];
      if (count <= limit)
        marks(count) = frames;
        values{count} = entered;
      endif
      if (part == 1)
        open(cellfun (@(one) one(3) >= entered(3), open(:, 2)), :) = [];
        open(end+1, :) = {frames, entered};
      endif
    endif
    if (nargout)
      r = frames;
    endif
  elseif (site == -2)
    mlock ();
    limit = frame;
    bytes = value;
    count = frames = part = 0;
    marks = zeros (1, limit);
    values = cell (1, limit);
    too_large = false (1, limit);
  elseif (site == -4)
    part = 1;
    watched = frame;
    first = value(1);
    last = value(2);
    most = limit;
    seen = 0;
    open = cell (0, 2);
    limit *= first == 0;
  elseif (site == -5)
    part = 2;
    limit = pending = 0;
    sites = numbers = sizes = zeros (1, 50000);
    lockstep_blocks_ (frame);
  else
    munlock ();
    if (part == 1 && limit == 0)
      count = (seen >= last) * most;
      limit = count;
    endif
    n = min (count, limit);
    r = struct ('count', count, 'marks', marks(1:n), 'too_large', too_large(1:n));
    r.values = values(1:n);
    if (part == 2)
      r.count = 0;
      lockstep_blocks_ (sites(1:pending), numbers(1:pending), sizes(1:pending));
      r.blocks = lockstep_blocks_ ();
    endif
    limit = -1;
    part = 0;
    marks = values = too_large = open = sites = numbers = sizes = [];
  endif
endfunction
