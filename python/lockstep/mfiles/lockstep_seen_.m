function r = lockstep_seen_ (what, varargin)
% Keep the arguments of the calls of some functions; lockstep_watch_ sets the tracepoints.
%
% lockstep_seen_ ('start', PARAMETERS, LOOPS, MOST, BYTES) begins: PARAMETERS holds the names of the
% parameters of each function, LOOPS whether its first statement is a loop; at most MOST calls and
% BYTES are kept of each. lockstep_seen_ (K) stands in a tracepoint of function K; it is false, and
% raises no error. TOLD = lockstep_seen_ ('told') returns how many calls there were, and those that
% were kept: cells of structs with args, nargout and number. Of equal calls the first is kept.
  persistent busy = true;
  persistent parameters loops most limit counts strides calls known sizes;
  if (isnumeric (what))
    r = false;
    if (busy)
      return;   % it is our own code that calls the function
    endif
    busy = true;
    try
      k = what;
      if (loops(k) && evalin ('caller', 'exist (''lockstep_here_'', ''var'')'))
        busy = false;
        return;
      elseif (loops(k))
        evalin ('caller', 'lockstep_here_ = true;');
      endif
      counts(k) += 1;
      if (mod (counts(k) - 1, strides(k)) == 0)
        args = cell (1, evalin ('caller', 'nargin'));
        names = parameters{k};
        for n = 1:min (numel (args), numel (names))
          if (strcmp (names{n}, 'varargin') && n == numel (names))
            args(n:end) = evalin ('caller', 'varargin');
          elseif (! strcmp (names{n}, '~'))
            args{n} = evalin ('caller', names{n});
          endif
        endfor
        [key, bytes] = key_ (args);
        key = ['h', hash('md5', key)];
        if (! isfield (known{k}, key) && sizes(k) + bytes <= limit)
          known{k}.(key) = true;
          sizes(k) += bytes;
          calls{k}{end+1} = struct ('args', {args}, 'nargout', evalin ('caller', 'nargout'), ...
                                    'number', counts(k));
          if (numel (calls{k}) > most)
            first = floor (most / 8);
            calls{k} = calls{k}([1:first, first+1:2:end]);
            strides(k) *= 2;
          endif
        endif
      endif
    catch err
      fprintf (stderr, 'lockstep: a call was not seen: %s\n', err.message);
    end_try_catch
    busy = false;
  elseif (strcmp (what, 'start'))
    mlock ();
    [parameters, loops, most, limit] = varargin{:};
    counts = sizes = zeros (size (parameters));
    strides = ones (size (parameters));
    calls = known = cell (size (parameters));
    calls(:) = {{}};
    known(:) = {struct()};
    busy = false;
  else
    busy = true;
    r = struct ('counts', counts, 'calls', {calls});
  endif
endfunction

function [text, bytes] = key_ (value)
% A text that tells values apart, and how many bytes they add; of a large array it knows a sample,
% and counts it once.
  persistent large = struct ();
  bytes = 100;
  if (iscell (value))
    [texts, sizes] = cellfun (@key_, value(:)', 'UniformOutput', false);
    text = ['{', sprintf('%d,', size (value)), texts{:}];
    bytes = sum ([sizes{:}]);
  elseif (isstruct (value))
    [text, bytes] = key_ (struct2cell (value));
    text = [__fieldnames__(value)'{:}, text];
  elseif (is_function_handle (value))
    [text, bytes] = key_ (lockstep_captured_ (value));
    text = [func2str(value), text];
  elseif (isnumeric (value) || islogical (value) || ischar (value))
    x = full (value(:)');
    is_large = numel (x) > 2000;
    if (is_large)
      x = [x(round (linspace (1, numel (x), 200))), sum(x), sum(x(1:2:end))];
    endif
    x = [double(real (x)), double(imag (x))(1:end * iscomplex (x))];
    text = [class(value), sprintf('%d,', size (value), issparse (value)), char(typecast (x, 'uint8'))];
    if (is_large)
      text = ['h', hash('md5', text)];
      bytes = sizeof (value) * ! isfield (large, text);
      large.(text) = true;
    endif
  else
    text = evalc ('disp (value)');
  endif
endfunction
