function [lyap, flips, x] = orbitExponent(r, x0, n, skip)
% ORBITEXPONENT  Lyapunov exponent of the logistic map x -> r*x*(1-x).
%   The first SKIP points are left out. FLIPS tells how often the slope was
%   negative: each such logarithm has the imaginary part pi.
x = x0;
for k = 1:skip
    x = r * x * (1 - x);
end
total = 0;
for k = 1:n
    slope = r * (1 - 2 * x);
    if slope == 0
        slope = realmin;
    end
    total = total + log(slope);
    x = r * x * (1 - x);
end
lyap = real(total) / n;
flips = round(imag(total) / pi);
end
