function [amp, freq, thd] = toneAmplitudes(x, fs)
% TONEAMPLITUDES  One-sided amplitude spectrum and harmonic distortion.
%   THD relates the harmonics of the strongest tone to the tone itself.
n = numel(x);
X = fft(x - mean(x)) / n;
half = floor(n / 2) + 1;
amp = abs(X(1:half));
amp(2:end) = 2 * amp(2:end);
if mod(n, 2) == 0, amp(end) = amp(end) / 2; end
freq = (0:half - 1)' * fs / n;
[base, k] = max(amp);
h = 2 * (k - 1) + 1;
total = 0;
while h <= half
    total = total + amp(h) ^ 2;
    h = h + k - 1;
end
thd = sqrt(total) / base;
end
