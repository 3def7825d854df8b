function r = lockstep_mark_ (mark, condition)
% The marks of a copy of a .m file (see lockstep.sources.octave_marks): MARK was reached.
%
% lockstep_mark_ (MARK, CONDITION) stands around the condition of a loop: MARK if it held, the next
% one if it did not. lockstep_mark_ (-COUNT) clears the marks 1 to COUNT, and returns which were set.
  persistent marks = false (1, 0);
  if (nargin == 2)
    r = condition;
    if (condition)
      marks(mark) = true;
    else
      marks(mark + 1) = true;
    endif
  elseif (mark > 0)
    marks(mark) = true;
  else
    mlock ();
    r = marks;
    marks = false (1, -mark);
  endif
endfunction
