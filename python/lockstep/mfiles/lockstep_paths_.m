function r = lockstep_paths_ (what, folder)
% Keep the user's folders off the path while our helpers work.
%
% lockstep_paths_ (PATHS, FOLDER) begins that, where one of the user's files has the name of a
% function that the helpers call. From then on PATHS are there between lockstep_paths_ (true) and
% lockstep_paths_ (false) only, and so is the current folder, FOLDER at first; a later change of it
% is kept. Without it these do nothing.
%
% HERE = lockstep_paths_ (COPIES) puts the folders of a trace before the user's, until the next such
% call, and returns the user's current folder; lockstep_paths_ (HERE) sets that.
  persistent home = '';
  persistent here = '';
  persistent rest = '';
  persistent paths = {};
  persistent copies = {};
  persistent are_apart = false;
  persistent are_there = false;
  if (nargin == 2)
    mlock ();
    paths = what;
    home = here = folder;
    are_apart = true;
  elseif (iscell (what))
    if (! are_apart && ! isempty (copies))
      rmpath (copies{:});
    endif
    copies = what;
    if (! are_apart && ! isempty (copies))
      addpath (copies{:});
      mlock ();              % what is traced may clear all functions
    elseif (! are_apart)
      munlock ();
    endif
    if (are_apart)
      r = here;
    else
      r = pwd ();
    endif
  elseif (ischar (what))
    if (are_apart)
      here = what;
    else
      cd (what);
    endif
  elseif (are_apart && what && ! are_there)
    rest = pwd ();
    if (! exist (here, 'dir'))
      here = home;
    endif
    cd (here);
    addpath (copies{:}, paths{:});
    are_there = true;
  elseif (are_there && ! what)
    here = pwd ();
    cd (rest);
    rmpath (copies{:}, paths{:});
    are_there = false;
  endif
endfunction
