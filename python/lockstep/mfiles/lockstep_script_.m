function lockstep_out_ = lockstep_script_ (lockstep_name_)
% Run a script in this function's own frame and return its variables as a struct.
% The script may clear every variable, so nothing from before it is used after it.
  eval ([lockstep_name_ ';']);
  lockstep_paths_ (false);
  lockstep_out_ = struct ();
  for lockstep_var_ = who ()'
    if (! any (strcmp (lockstep_var_{1}, {'lockstep_name_', 'lockstep_out_', 'lockstep_var_', ...
                                          'lockstep_seen_', 'ans'})))
      lockstep_out_.(lockstep_var_{1}) = eval (lockstep_var_{1});
    endif
  endfor
endfunction
