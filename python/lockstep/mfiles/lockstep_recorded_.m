function recorded = lockstep_recorded_ (copies, names, before)
% End a trace: return what lockstep_value_ recorded, and undo what lockstep_tracing_ did.
  recorded = lockstep_value_ ('stop');
  if (! isempty (before))
    cd (before);
  endif
  rmpath (copies{:});
  for k = 1:numel (names)
    clear ('-f', names{k});
  endfor
endfunction
