function variables = lockstep_captured_ (handle)
% The variables that a function handle has captured, as a struct.
  variables = struct ();
  about = functions (handle);
  if (isfield (about, 'workspace') && ! isempty (about.workspace) && isstruct (about.workspace{1}))
    variables = about.workspace{1};
  endif
endfunction
