function lockstep_out_ = lockstep_script_ (lockstep_name_)
% Run a script in this function's own frame and return its variables as a struct.
% The script may clear every variable, so nothing from before it is used after it.
  eval ([lockstep_name_ ';']);
  lockstep_out_ = struct ();
  lockstep_vars_ = who ();
  for lockstep_k_ = 1:numel (lockstep_vars_)
    if (~any (strcmp (lockstep_vars_{lockstep_k_}, {'lockstep_name_', 'lockstep_out_', ...
                                                    'lockstep_vars_', 'lockstep_k_', 'ans'})))
      lockstep_out_.(lockstep_vars_{lockstep_k_}) = eval (lockstep_vars_{lockstep_k_});
    end
  end
end
