function text = lockstep_clear_ (words)
% The call that clears the variables which clear WORDS would clear, and no function.
  kinds = {'all', '-all', '-a', 'functions', '-functions', '-f', 'classes', '-classes', '-c'};
  variables = {'variables', '-variables', '-v'};
  is_of = @(list) cellfun (@(word) any (strcmp (word, list)), words);
  others = words(! is_of ([kinds, variables]));
  if (isempty (others) && any (is_of ({'functions', '-functions', '-f'})))
    text = '[];';
  else
    text = sprintf (' ''%s'',', '-variables', others{:});
    text = ['builtin (''clear'',', text(1:end-1), ');'];
  endif
endfunction
