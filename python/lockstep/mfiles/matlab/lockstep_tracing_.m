function before = lockstep_tracing_ (originals, copies, names, limit, bytes)
% Begin a trace: put the folders COPIES before the ORIGINALS, whose functions NAMES they hold anew.
% The current folder goes before the path, so that none of the originals may be it.
  before = '';
  if (any (strcmp (pwd (), originals)))
    error ('lockstep:here', ['MATLAB is in %s, where it finds the .m files before their traced ' ...
                             'copies; run this from another folder'], pwd ());
  end
  for k = numel (copies):-1:1
    addpath (copies{k});
  end
  for k = 1:numel (names)
    clear (names{k});
  end
  lockstep_value_ (limit, -2, bytes);
end
