function [P, best] = caponSpectrum(X, d, angles)
% CAPONSPECTRUM  Minimum variance spectrum of a uniform linear array.
%   X       sensors x snapshots, complex baseband
%   d       spacing in wavelengths
%   angles  directions to look at, in degrees
[m, N] = size(X);
R = X * X' / N;
R = R + 1e-2 * real(trace(R)) / m * eye(m);   % diagonal loading
Ri = inv(R);
P = zeros(numel(angles), 1);
for k = 1:numel(angles)
  a = exp(-2i * pi * d * (0:m-1)' * sin(angles(k) * pi / 180));
  P(k) = 1 / real(a' * Ri * a);
end
[~, i] = max(P);
best = angles(i);
end
