function before = lockstep_tracing_ (originals, copies, names, limit, bytes)
% Begin a trace: put the folders COPIES before the ORIGINALS, whose functions NAMES they hold anew.
% Where Octave is in one of the originals, go to its copy; return where it was.
  before = '';
  for k = numel (copies):-1:1
    addpath (copies{k});
    if (strcmp (pwd (), originals{k}))
      before = pwd ();
      for entry = setdiff (readdir (originals{k})', readdir (copies{k})')
        symlink (fullfile (originals{k}, entry{1}), fullfile (copies{k}, entry{1}));
      endfor
      cd (copies{k});
    endif
  endfor
  for k = 1:numel (names)
    clear ('-f', names{k});
  endfor
  lockstep_argument_ (0, 0);
  lockstep_value_ (limit, -2, bytes);
endfunction
