function w = hannWindow(n)
%HANNWINDOW Weights that rise from 0 to 1 and fall again.
%   w = HANNWINDOW(n) is a column of n weights, the same from either end.

if n == 1
  w = 1;
  return
end
k = (0:n - 1)';
w = 0.5 - 0.5 * cos(2 * pi * k / (n - 1));
end

%!assert (hannWindow (5), [0; 0.5; 1; 0.5; 0], eps)
%!assert (max (hannWindow (21)), 1)
