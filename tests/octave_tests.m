% Runs the %! blocks of every file in octave/, prints a line for each and a total.
% From the project's folder: octave-cli tests/octave_tests.m
% Exit status 0 if all passed, 1 if not. A file without tests counts as a failure.

here = fileparts (mfilename ('fullpath'));
folder = fullfile (here, '..', 'octave');
addpath (folder);
files = dir (fullfile (folder, '*.m'));
passed = failed = 0;
for k = 1:numel (files)
  [n, total] = test (fullfile (folder, files(k).name), 'quiet');
  printf ('%-28s %3d of %3d tests pass\n', files(k).name, n, total);
  passed += n;
  failed += max (total - n, total == 0);
end
printf ('%d passed, %d failed\n', passed, failed);
% Debian's Octave says "error: ignoring const execution_exception&" whenever it exits.
fflush (stdout);
dup2 (fopen ('/dev/null', 'w'), stderr);
exit (failed > 0);
