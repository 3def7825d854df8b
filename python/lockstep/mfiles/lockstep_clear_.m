function text = lockstep_clear_ (words)
% The call that clears the variables which clear WORDS would clear, and no function.
  kinds = {'all', '-all', '-a', 'functions', '-functions', '-f', 'classes', '-classes', '-c'};
  variables = {'variables', '-variables', '-v'};
  others = words(! ismember (words, [kinds, variables]));
  if (isempty (others) && any (ismember (words, {'functions', '-functions', '-f'})))
    text = '[];';
  else
    text = sprintf (', ''%s''', '-variables', others{:});
    text = ['builtin (''clear''', text, ');'];
  endif
endfunction
