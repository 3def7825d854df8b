function [p, fitted, inverse] = calibrationCurve(conc, signal, readings)
% CALIBRATIONCURVE  Quadratic calibration of an absorption photometer.
%   p are the coefficients, the highest power first; INVERSE holds the
%   concentrations that belong to the readings (the root on the rising side).
p = polyfit(conc, signal, 2);
p = p(:)';
fitted = polyval(p, conc);
inverse = zeros(size(readings));
for k = 1:numel(readings)
    a = p(1);
    b = p(2);
    c = p(3) - readings(k);
    disc = b ^ 2 - 4 * a * c;
    if disc < 0
        inverse(k) = NaN;
    else
        inverse(k) = 2 * c / (-b - sqrt(disc));
    end
end
end
