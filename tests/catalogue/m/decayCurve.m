function [t, C, tpeak] = decayCurve(k1, k2, c0, dt, tend)
% DECAYCURVE  Concentrations in the chain A -> B -> C of first-order steps.
%   C has a column for each species; tpeak is when B is highest on the grid.
t = (0:dt:tend)';
a = c0 * exp(-k1 * t);
if abs(k1 - k2) < 1e-9 * k1
  b = c0 * k1 * t .* exp(-k1 * t);
else
  b = c0 * k1 / (k2 - k1) * (exp(-k1 * t) - exp(-k2 * t));
end
C = [a, b, c0 - a - b];
[~, i] = max(b);
tpeak = t(i);
end
