function v = lockstep_decode_ (v)
% Undo lockstep.model.values.encode: turn the stand-ins in V into what they stand for.
  if (iscell (v))
    v = cellfun (@lockstep_decode_, v, 'UniformOutput', false);
  elseif (isstruct (v))
    if (! isfield (v, 'lockstep_kind_'))
      for field = __fieldnames__ (v)'
        v.(field{1}) = lockstep_decode_ (v.(field{1}));
      endfor
      return;
    endif
    switch (v.lockstep_kind_)
      case 'char'
        v = char (v.bytes);
      case 'complex'
        v = complex (v.re, v.im);
      case 'sparse'
        v = sparse (v.i, v.j, lockstep_decode_ (v.x), v.m, v.n);
      case 'struct'
        v = cell2struct (lockstep_decode_ (v.values)(:), v.names(:), 1);
      case 'empty struct'
        v = struct ();
      case 'function'
        v = make_handle_ (v.text, lockstep_decode_ (v.names), lockstep_decode_ (v.values));
    endswitch
  endif
endfunction

function lockstep_handle_ = make_handle_ (lockstep_text_, lockstep_names_, lockstep_values_)
% The handle captures the variables of this frame, so they are bound here by name first.
  for lockstep_k_ = 1:numel (lockstep_names_)
    eval ([lockstep_names_{lockstep_k_} ' = lockstep_values_{lockstep_k_};']);
  endfor
  lockstep_handle_ = eval (lockstep_text_);
endfunction
