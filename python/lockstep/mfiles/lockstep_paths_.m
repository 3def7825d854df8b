function lockstep_paths_ (enter, user)
% Put the user's folders on the path (ENTER is true), or take them off while our helpers work.
%
% USER is [] where none of the user's files has the name of a function that the helpers call; then
% the folders are always on the path. Else it has paths (a cell) and folder, the current one at
% first; a later change of it is kept. The folders are still there while this leaves them: what
% could be the user's is then called as builtin.
%
% lockstep_paths_ (COPIES) puts the folders of a trace before the user's, until the next such call.
  persistent paths here rest;
  persistent copies = {};
  mlock ();
  if (iscell (enter))
    if (builtin ('numel', copies) > 0)
      builtin ('rmpath', copies{:});
    endif
    copies = enter;
    if (builtin ('numel', copies) > 0)
      builtin ('addpath', copies{:});
    endif
  elseif (enter)
    paths = {};
    if (isempty (user))
      return;
    endif
    paths = user.paths;
    rest = pwd ();
    if (ischar (here) && exist (here, 'dir'))
      cd (here);
    else
      cd (user.folder);
    endif
    addpath (copies{:}, paths{:});
  elseif (iscell (paths) && builtin ('numel', paths) > 0)
    here = builtin ('pwd');
    builtin ('cd', rest);
    builtin ('rmpath', copies{:}, paths{:});
    paths = {};
  endif
endfunction
