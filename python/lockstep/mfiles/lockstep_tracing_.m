function before = lockstep_tracing_ (originals, copies, names, limit, bytes)
% Begin a trace: put the folders COPIES before the ORIGINALS, whose functions NAMES they hold anew.
% Where Octave is in one of the originals, go to its copy; return where it was.
  before = '';
  here = lockstep_paths_ (copies);
  for k = 1:numel (copies)
    if (strcmp (here, originals{k}))
      before = here;
      there = readdir (copies{k});
      for entry = readdir (originals{k})'   % setdiff may be what is traced
        if (! any (strcmp (entry{1}, there)))
          symlink ([originals{k} '/' entry{1}], [copies{k} '/' entry{1}]);
        endif
      endfor
      lockstep_paths_ (copies{k});
    endif
  endfor
  for k = 1:numel (names)
    clear ('-f', names{k});
  endfor
  clear ('-f', 'lockstep_value_');   % compiled ones may be before these on the path now
  clear ('-f', 'lockstep_moved_');
  lockstep_argument_ (0, 0);
  lockstep_part_ (0, 0);
  lockstep_value_ (limit, -2, bytes);
endfunction
