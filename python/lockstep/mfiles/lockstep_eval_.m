function lockstep_eval_ (text)
% Run TEXT in the base workspace.
  evalin ('base', text);
endfunction
