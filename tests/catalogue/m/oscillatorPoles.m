function [growth, freq, settle] = oscillatorPoles(m, c, k)
% OSCILLATORPOLES  Poles of damped oscillators m*x'' + c*x' + k*x = 0.
%   GROWTH is the real part of the slower pole, FREQ the damped frequency in
%   hertz (0 if overdamped) and SETTLE the time to fall to two percent.
growth = zeros(size(m));
freq = zeros(size(m));
settle = zeros(size(m));
for j = 1:numel(m)
    root = sqrt(c(j) ^ 2 - 4 * m(j) * k(j));
    pole = (-c(j) + root) / (2 * m(j));
    growth(j) = real(pole);
    freq(j) = imag(pole) / (2 * pi);
    if growth(j) < 0
        settle(j) = log(0.02) / growth(j);
    else
        settle(j) = Inf;
    end
end
end
