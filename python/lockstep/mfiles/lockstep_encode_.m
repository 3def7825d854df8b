function v = lockstep_encode_ (v)
% Make V fit for a MAT file that SciPy reads without loss; lockstep.model.values.decode undoes it.
% Classes that the file or SciPy would change (char, complex, sparse, handles, struct arrays,
% objects, structs with that very field) become structs with the field lockstep_kind_.
  if ((isnumeric (v) || islogical (v)) && isreal (v) && ! issparse (v))
    return;   % most are, and what follows takes longer than most calls
  elseif (iscell (v))
    v = cellfun (@lockstep_encode_, v, 'UniformOutput', false);
  elseif (ischar (v))
    v = struct ('lockstep_kind_', 'char', 'bytes', uint8 (v));
  elseif (isstruct (v) && isempty (__fieldnames__ (v)) && isscalar (v))
    v = struct ('lockstep_kind_', 'empty struct');
  elseif (isstruct (v) && isscalar (v) && isfield (v, 'lockstep_kind_'))
    v = struct ('lockstep_kind_', 'struct', 'names', {__fieldnames__(v)'}, ...
                'values', {lockstep_encode_(struct2cell (v)')});
  elseif (isstruct (v) && isscalar (v))
    for field = __fieldnames__ (v)'
      v.(field{1}) = lockstep_encode_ (v.(field{1}));
    endfor
  elseif (isstruct (v))
    items = arrayfun (@lockstep_encode_, v(:), 'UniformOutput', false);
    v = struct ('lockstep_kind_', 'struct array', 'size', size (v), 'items', {items});
  elseif (is_function_handle (v))
    v = struct ('lockstep_kind_', 'function_handle', 'text', lockstep_encode_ (func2str (v)));
  elseif (issparse (v))
    [i, j, x] = find (v);
    v = struct ('lockstep_kind_', 'sparse', 'i', i, 'j', j, 'm', rows (v), 'n', columns (v), ...
                'x', lockstep_encode_ (full (x)));
  elseif (iscomplex (v))
    v = struct ('lockstep_kind_', 'complex', 're', real (v), 'im', imag (v));
  elseif (isa (v, 'containers.Map'))
    v = struct ('lockstep_kind_', 'map', 'keys', {lockstep_encode_(keys (v))}, ...
                'values', {lockstep_encode_(values (v))});
  else
    v = struct ('lockstep_kind_', 'opaque', 'class', lockstep_encode_ (class (v)), ...
                'text', lockstep_encode_ (evalc ('disp (v)')));
  endif
endfunction
