function v = lockstep_encode_ (v)
% Make V fit for a MAT file that SciPy reads without loss; lockstep.model.values.decode undoes it.
% Classes that the file or SciPy would change (char, complex, sparse, handles, struct arrays,
% objects, structs with that very field) become structs with the field lockstep_kind_. MATLAB's
% strings, which Octave has not, become char.
  if (isa (v, 'string'))
    v = cellstr (v);
    if (numel (v) == 1)
      v = v{1};
    end
  end
  if (iscell (v))
    v = cellfun (@lockstep_encode_, v, 'UniformOutput', false);
  elseif (ischar (v) && size (v, 1) == 1)
    v = struct ('lockstep_kind_', 'char', 'bytes', unicode2native (v, 'UTF-8'));
  elseif (ischar (v))
    v = struct ('lockstep_kind_', 'char', 'bytes', uint8 (v));
  elseif (isstruct (v) && isempty (fieldnames (v)) && isscalar (v))
    v = struct ('lockstep_kind_', 'empty struct');
  elseif (isstruct (v) && isscalar (v) && isfield (v, 'lockstep_kind_'))
    v = struct ('lockstep_kind_', 'struct', 'names', {fieldnames(v)'}, ...
                'values', {lockstep_encode_(struct2cell (v)')});
  elseif (isstruct (v) && isscalar (v))
    names = fieldnames (v);
    for k = 1:numel (names)
      v.(names{k}) = lockstep_encode_ (v.(names{k}));
    end
  elseif (isstruct (v))
    items = arrayfun (@lockstep_encode_, v(:), 'UniformOutput', false);
    v = struct ('lockstep_kind_', 'struct array', 'size', size (v), 'items', {items});
  elseif (isa (v, 'function_handle'))
    v = struct ('lockstep_kind_', 'function_handle', 'text', lockstep_encode_ (func2str (v)));
  elseif (issparse (v))
    [i, j, x] = find (v);
    v = struct ('lockstep_kind_', 'sparse', 'i', i, 'j', j, 'm', size (v, 1), ...
                'n', size (v, 2), 'x', lockstep_encode_ (full (x)));
  elseif (isnumeric (v) && ~isreal (v))
    v = struct ('lockstep_kind_', 'complex', 're', real (v), 'im', imag (v));
  elseif (isa (v, 'containers.Map'))
    v = struct ('lockstep_kind_', 'map', 'keys', {lockstep_encode_(keys (v))}, ...
                'values', {lockstep_encode_(values (v))});
  elseif (~(isnumeric (v) || islogical (v)))
    v = struct ('lockstep_kind_', 'opaque', 'class', lockstep_encode_ (class (v)), ...
                'text', lockstep_encode_ (evalc ('disp (v)')));
  end
end
