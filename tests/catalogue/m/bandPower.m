function [bp, fpeak] = bandPower(X, fs, band, win)
% BANDPOWER  Power of each channel (column) in a band, from one periodogram.
%   band is [low high] in Hz, win 'hann' or 'none'.
n = size(X, 1);
k = (0:n - 1)';
switch lower(win)
  case 'hann'
    w = 0.5 - 0.5 * cos(2 * pi * k / n);
  case 'none'
    w = ones(n, 1);
  otherwise
    error('bandPower: unknown window %s', win);
end
F = fft(X .* w);
half = floor(n / 2) + 1;
P = abs(F(1:half, :)) .^ 2 / (fs * sum(w .^ 2));
f = k(1:half) * fs / n;
in = f >= band(1) & f <= band(2);
bp = sum(P(in, :), 1) * fs / n;
[~, i] = max(P);
fpeak = f(i);
end
