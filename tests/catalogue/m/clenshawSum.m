function [s, m] = clenshawSum(c, x)
% CLENSHAWSUM  Value of the Chebyshev series c(1) T0 + c(2) T1 + ... at x, by
%   Clenshaw's recurrence, and the number of terms that were summed.
m = numel(c);
while m > 1 && c(m) == 0   % trailing zeros cost time only
  m = m - 1;
end
b1 = zeros(size(x));
b2 = b1;
for k = m:-1:2
  b = 2 * x .* b1 - b2 + c(k);
  b2 = b1;
  b1 = b;
end
s = x .* b1 - b2 + c(1);
end
