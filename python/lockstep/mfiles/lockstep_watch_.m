function problems = lockstep_watch_ (names, files, parameters, loops, most, bytes)
% Set a tracepoint at the beginning of each of the functions NAMES, and keep its calls.
%
% FILES holds where they are, or ''. PROBLEMS says of each why its calls cannot be seen, or is ''.
% From here on clear keeps functions, or it would take the tracepoints, too; and exit is an error, so
% that what was seen is not lost.
  problems = cell (size (names));
  problems(:) = {''};
  lockstep_seen_ ('start', parameters, loops, most, bytes);
  for k = 1:numel (names)
    try
      problems{k} = watched_ (k, names{k}, files{k});
    catch err
      problems{k} = err.message;
    end_try_catch
  endfor
  define_ ('clear', 'evalin (''caller'', lockstep_clear_ (varargin));');
  define_ ('exit', 'error (''lockstep:exit'', ''exit'');');
  define_ ('quit', 'error (''lockstep:exit'', ''exit'');');
endfunction

function problem = watched_ (k, name, file)
  problem = '';
  found = __which__ (name).file;
  if (isempty (found) || ! exist (found, 'file'))
    problem = 'it is built into Octave, where no tracepoint can be set';
  elseif (! isempty (file) && ! strcmp (canonicalize_file_name (found), canonicalize_file_name (file)))
    problem = ['Octave would call another one, ' found];
  else
    lines = dbstop ('in', name);
    dbclear ('in', name);
    if (isempty (lines))
      problem = 'it has no statement';
    else
      dbstop ('in', name, 'at', sprintf ('%d', lines(1)), 'if', sprintf ('lockstep_seen_ (%d)', k));
    endif
  endif
endfunction

function define_ (name, body)
% Define a function of the command line that no clear takes away again.
  eval (sprintf (['function varargout = %s (varargin)\n mlock ();\n', ...
                  ' if (nargin == 1 && strcmp (varargin{1}, ''lockstep_lock_'')) return; end\n', ...
                  ' %s\nend'], name, body));
  feval (name, 'lockstep_lock_');
endfunction
