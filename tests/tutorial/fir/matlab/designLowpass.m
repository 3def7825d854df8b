function h = designLowpass(order, cutoff)
%DESIGNLOWPASS Low-pass filter by the window method.
%   h = DESIGNLOWPASS(order, cutoff) is a row of order + 1 coefficients, whose sum is 1. cutoff is
%   a fraction of half the sampling rate.

if cutoff <= 0 || cutoff >= 1
  error('designLowpass:cutoff', 'designLowpass: cutoff must lie between 0 and 1');
end
m = (0:order)' - order / 2;
ideal = cutoff * ones(order + 1, 1);
away = m ~= 0;
ideal(away) = sin(pi * cutoff * m(away)) ./ (pi * m(away));
h = ideal .* hannWindow(order + 1);
h = h' / sum(h);
end

%!assert (sum (designLowpass (20, 0.3)), 1, 4 * eps)
%!assert (designLowpass (4, 0.5)(3) > 0.5)
%!error <cutoff must lie between 0 and 1> designLowpass (20, 1)
