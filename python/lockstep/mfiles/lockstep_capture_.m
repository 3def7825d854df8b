function varargout = lockstep_capture_ (what, varargin)
% Keep the arguments of calls: ('start', name), ('call', arguments ...), calls = ('stop').
%
% A call is made for real and its outputs are returned. It is made again to see whether all declared
% outputs can be asked for, and whether it is random; at most 30 calls are kept.
  persistent name calls
  switch (what)
    case 'start'
      name = varargin{1};
      calls = {};
    case 'stop'
      varargout = {calls};
    case 'call'
      outputs = cell (1, max (nargout, 1));
      if (nargout == 0)
        try
          [outputs{:}] = feval (name, varargin{:});
        catch err
          if (! strcmp (err.identifier, 'Octave:undefined-function') && isempty (strfind (err.message, 'called with too many outputs')))
            rethrow (err);
          endif
          feval (name, varargin{:});
          outputs = {};
        end_try_catch
      else
        [outputs{:}] = feval (name, varargin{:});
      endif
      if (numel (calls) < 30)
        calls{end+1} = described_ (name, varargin, outputs);
      endif
      varargout = outputs;
  endswitch
endfunction

function one = described_ (name, args, outputs)
  one = struct ('args', {args}, 'nargout', numel (outputs), 'all', true, 'random', false);
  try
    declared = nargout (name);
  catch
    declared = 1;
  end_try_catch
  if (declared < 0)
    declared = max (1, -declared - 1);
  endif
  try
    again = cell (1, max (declared, numel (outputs)));
    [again{:}] = feval (name, args{:});
  catch
    one.all = false;
    again = cell (1, numel (outputs));
    [again{:}] = feval (name, args{:});
  end_try_catch
  one.random = ! isequaln_ (outputs, again(1:numel (outputs)));
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
