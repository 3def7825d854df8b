function r = lockstep_value_ (frame, site, value)
% The recorder of a trace: returns VALUE, and notes that SITE gave it in the call FRAME.
%
% lockstep_value_ (FRAME, SITE, VALUE) stands around an expression of the instrumented copy of a
% .m file, or after a statement. SITE counts from 1; lockstep_value_ (FRAME, 0) records that the
% call returns. FRAME = lockstep_value_ (0, FUNCTION, GIVEN) records that the function of that number
% is entered with GIVEN arguments. The frame of a script, and of a function that clears its
% variables, is written as minus its number.
%
% lockstep_value_ ('start', LIMIT, BYTES) begins a trace of at most LIMIT records, and at most BYTES
% of values; RECORDED = lockstep_value_ ('stop') ends it.
  persistent active = false;
  persistent count limit bytes frames site_of frame_of kind_of rows_of columns_of;
  persistent numbers taken others kept;
  if (! active || ischar (frame))
    if (ischar (frame))
      if (strcmp (frame, 'start'))
        mlock ();
        active = true;
        count = frames = taken = kept = 0;
        limit = site;
        bytes = value;
        site_of = frame_of = zeros (1, 1000, 'int32');
        kind_of = rows_of = columns_of = ones (1, 1000, 'int32');
        numbers = zeros (1, 10000);
        others = {};
      else
        active = false;
        munlock ();
        n = min (count, limit);
        r = struct ('count', count, 'site', site_of(1:n), 'frame', frame_of(1:n), ...
                    'kind', kind_of(1:n), 'rows', rows_of(1:n), 'columns', columns_of(1:n), ...
                    'numbers', numbers(1:taken));
        r.others = others(1:kept);
        site_of = frame_of = kind_of = rows_of = columns_of = numbers = others = [];
      endif
    elseif (nargout)
      r = value;
    endif
    return;
  endif
  n = ++count;
  if (n > limit)
    if (nargout)
      r = value;
      if (isequal (frame, 0))
        r = ++frames;
      endif
    endif
    return;
  endif
  if (n > numel (site_of))
    more = 4 * n;
    site_of(more) = frame_of(more) = 0;
    kind_of(n:more) = rows_of(n:more) = columns_of(n:more) = 1;
  endif
  site_of(n) = site;
  frame_of(n) = frame;
  if (frame == 0)
    frame_of(n) = ++frames;
    if (nargout)
      r = frames;
    endif
    stack = dbstack ();
    site_of(n) = -site;
    value = [value, numel(stack), stack.line, stack.column];
    site = -1;
  elseif (site == 0)
    kind_of(n) = 0;
    return;
  endif
  size_in_bytes = sizeof (value);
  k = numel (value);
  if (k <= 512 && isreal (value) && ndims (value) == 2)
    switch (class (value))
      case 'double'
        kind = 1 + 5 * issparse (value);
      case 'logical'
        kind = 2 + 4 * issparse (value);
      case 'char'
        kind = 3;
      case 'single'
        kind = 4;
      otherwise
        kind = 6;
    endswitch
  else
    kind = 6;
  endif
  if (kind < 6)
    if (k == 1)
      if (++taken > numel (numbers))
        numbers(4 * taken) = 0;
      endif
      numbers(taken) = value;
    else
      rows_of(n) = rows (value);
      columns_of(n) = columns (value);
      if (taken + k > numel (numbers))
        numbers(4 * (taken + k)) = 0;
      endif
      numbers(taken+1:taken+k) = value(:);
      taken += k;
    endif
    if (kind != 1)
      kind_of(n) = kind;
    endif
  else
    bytes -= size_in_bytes;
    if (bytes < 0)
      bytes += size_in_bytes;
      kind = 7;
      others{++kept} = size (value);
    else
      others{++kept} = value;
    endif
    kind_of(n) = kind;
  endif
  if (nargout && site > 0)
    r = value;
  endif
endfunction
