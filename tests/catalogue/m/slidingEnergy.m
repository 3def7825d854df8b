function [E, onset] = slidingEnergy(x, w, hop, frac)
% SLIDINGENERGY  Short-time energy of a recording, and the first frame where it
%   exceeds a fraction of its peak.
nf = floor((numel(x) - w) / hop) + 1;
E = zeros(nf, 1);
for k = 1:nf
  first = (k - 1) * hop + 1;
  seg = x(first:first + w - 1);
  seg = seg - mean(seg);
  E(k) = sum(seg .^ 2) / w;
end
onset = find(E >= frac * max(E), 1);
end
