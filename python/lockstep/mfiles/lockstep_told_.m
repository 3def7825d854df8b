function r = lockstep_told_ (what, varargin)
% What lockstep_seen_ has kept, after the script: told in portions.
%
% ALL = lockstep_told_ ('all', NAMES, FOLDER, PATH) ends the world of the script: its variables and
% globals, and its path. For each function it returns the count of its calls, and of each that was
% kept its number, nargout, and sizes (a text for each argument).
% PLAYED = lockstep_told_ ('replay', K, NAME, COUNT, SECONDS) calls function NAME again with the kept
% calls of function K, for so many seconds, and returns for each call: ran, message, all (whether all
% outputs can be asked for), same (whether a second call gave the same), marks (of 1 to COUNT).
% ARGS = lockstep_told_ ('take', K, WHICH) returns the arguments of some calls.
  persistent kept;
  switch (what)
    case 'all'
      mlock ();
      kept = lockstep_seen_ ('told');
      for k = 1:numel (varargin{1})
        try
          dbclear ('in', varargin{1}{k});
        catch
        end_try_catch
        builtin ('clear', '-f', varargin{1}{k});
      endfor
      evalin ('base', 'builtin (''clear'', ''-variables''); builtin (''clear'', ''-global'');');
      path (varargin{3});
      cd (varargin{2});
      r = cell (size (kept.calls));
      for k = 1:numel (r)
        calls = kept.calls{k};
        told = cellfun (@described_, calls, 'UniformOutput', false);
        r{k} = struct ('count', kept.counts(k), 'calls', {told});
      endfor
    case 'replay'
      [k, name, count, seconds] = varargin{:};
      r = {};
      start = tic ();
      for n = 1:numel (kept.calls{k})
        if (toc (start) > seconds)
          break;
        endif
        r{end+1} = replayed_ (kept.calls{k}{n}, name, count);
      endfor
    case 'take'
      [k, which] = varargin{:};
      r = cellfun (@(call) with_handles_ (call.args), kept.calls{k}(which), 'UniformOutput', false);
  endswitch
endfunction

function one = described_ (call)
  sizes = cellfun (@shape_, call.args, 'UniformOutput', false);
  one = struct ('number', call.number, 'nargout', call.nargout, 'sizes', {sizes});
endfunction

function text = shape_ (value)
% The class and size of a value, and of what it holds.
  text = [class(value), ' ', sprintf('%dx', size (value))];
  if (isstruct (value) && isscalar (value))
    value = struct2cell (value);
  endif
  if (iscell (value) && numel (value) <= 20)
    inner = cellfun (@shape_, value(:)', 'UniformOutput', false);
    text = [text, '(', sprintf('%s,', inner{:})(1:end-1), ')'];
  elseif (ischar (value) && rows (value) == 1 && columns (value) <= 20)
    text = ['''', value, ''''];   % most often an option
  elseif (isscalar (value) && isfloat (value))
    text = [text, sprintf(' %d', value == fix (value), sign (real (value)))];
  endif
endfunction

function one = replayed_ (call, name, count)
  one = struct ('ran', true, 'message', '', 'all', true, 'same', true, 'marks', []);
  try
    declared = nargout (name);
  catch
    declared = 1;
  end_try_catch
  if (declared < 0)
    declared = max (1, -declared - 1);
  endif
  lockstep_mark_ (-count);
  try
    try
      outputs = called_ (name, call.args, max (declared, call.nargout));
    catch err
      one.all = false;
      outputs = called_ (name, call.args, call.nargout);
    end_try_catch
    one.marks = find (lockstep_mark_ (-count));
    again = called_ (name, call.args, numel (outputs));
    one.same = isequaln_ (outputs, again);
  catch err
    one.ran = false;
    one.message = err.message;
  end_try_catch
endfunction

function outputs = called_ (name, args, n)
  outputs = cell (1, n);
  if (n == 0)
    feval (name, args{:});
  else
    [outputs{:}] = feval (name, args{:});
  endif
endfunction

function same = isequaln_ (a, b)
% Whether outputs are the same, NaN too; what cannot be compared (a handle) is.
  same = true;
  for k = 1:numel (a)
    if (isnumeric (a{k}) || islogical (a{k}) || ischar (a{k}))
      x = a{k}(:);
      y = b{k}(:);
      same = same && size_equal (a{k}, b{k}) && all (x == y | (x != x & y != y));
    endif
  endfor
endfunction

function value = with_handles_ (value)
% Put structs in the place of function handles: their text, and what they have captured.
  if (iscell (value))
    value = cellfun (@with_handles_, value, 'UniformOutput', false);
  elseif (isstruct (value) && isscalar (value))
    for field = __fieldnames__ (value)'
      value.(field{1}) = with_handles_ (value.(field{1}));
    endfor
  elseif (is_function_handle (value))
    value = struct ('lockstep_handle_', func2str (value), ...
                    'variables', with_handles_ (lockstep_captured_ (value)));
  endif
endfunction
