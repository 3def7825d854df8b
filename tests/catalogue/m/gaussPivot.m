function [x, d] = gaussPivot(A, b)
% GAUSSPIVOT  Solve A x = b by elimination with partial pivoting; d is det(A).
n = size(A, 1);
M = [A, b];
d = 1;
for k = 1:n
  [big, i] = max(abs(M(k:n, k)));
  i = i + k - 1;
  if big < 1e-12, x = NaN(n, 1); d = 0; return; end
  if i ~= k
    tmp = M(k, :);
    M(k, :) = M(i, :);
    M(i, :) = tmp;
    d = -d;
  end
  d = d * M(k, k);
  for r = k + 1:n
    M(r, :) = M(r, :) - M(r, k) / M(k, k) * M(k, :);
  end
end
x = zeros(n, 1);
for k = n:-1:1
  x(k) = (M(k, n + 1) - M(k, 1:n) * x) / M(k, k);
end
end
