function h = tideCurve(t, a, p)
% TIDECURVE  Height of the tide by its amplitude and period.
h = a * cos(2 * pi * t / p);
h = h + 0.1 * h .^ 2;
end
