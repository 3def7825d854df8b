function r = lockstep_play_ (what, varargin)
% Run a script in the base workspace as a user would, in its own folder.
%
% lockstep_play_ ('ready', FOLDER, FILE, PATHS, FUNCTIONS, NAME) says which: the script FILE, or the
% function NAME where that is not ''. FUNCTIONS are texts of functions that the script defines after
% it calls them, as MATLAB allows. lockstep_play_ ('go') runs it, at the prompt, where it may be
% interrupted. lockstep_play_ ('ended') tells what ended it: a struct with message and where, or [].
  persistent ready ended;
  switch (what)
    case 'ready'
      mlock ();
      ready = cell2struct (varargin, {'folder', 'file', 'paths', 'functions', 'name'}, 2);
    case 'go'
      for k = 1:numel (ready.functions)
        eval (ready.functions{k});
      endfor
      addpath (ready.paths{:});
      cd (ready.folder);
      try
        if (isempty (ready.name))
          evalin ('base', ['source (''', strrep(ready.file, '''', ''''''), ''');']);
        else
          evalin ('base', [ready.name, ';']);
        endif
        ended = [];
      catch err
        ended = ended_by_ (err);
      end_try_catch
    case 'ended'
      r = ended;
  endswitch
endfunction

function ended = ended_by_ (err)
  ended = [];
  if (! strcmp (err.identifier, 'lockstep:exit'))
    ended = struct ('message', err.message, 'where', '');
    frames = err.stack(! strncmp ({err.stack.name}, 'lockstep_', 9));
    if (! isempty (frames))
      ended.where = sprintf ('%s line %d', frames(1).name, frames(1).line);
    endif
  endif
endfunction
