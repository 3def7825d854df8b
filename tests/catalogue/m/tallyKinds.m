function [n, total] = tallyKinds(x, seen)
% TALLYKINDS  How many different kinds there are, and their sum.
if nargin < 2
  seen = zeros(0, 1);
end
for k = 1:numel(x)
  if ~any(seen == x(k))
    seen(end + 1, 1) = x(k);
  end
end
n = numel(seen);
total = sum(seen);
end
