function lines = lockstep_lines_ (name, candidates)
% Those of the CANDIDATES, line numbers in the function or script NAME, that hold a statement.
% A breakpoint on a line without one moves on to the next, perhaps into a sub-function; there
% dbclear leaves it, in Octave 7 at least, and only reading the file anew removes it.
  wanted = arrayfun (@num2str, candidates(:)', 'UniformOutput', false);
  lines = dbstop ('in', name, 'at', wanted{:});
  dbclear ('in', name);
  if (any (lines > max (candidates)))
    clear (name);
  endif
  lines = lines(lines <= max (candidates));
endfunction
