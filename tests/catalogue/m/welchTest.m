function res = welchTest(x, y, side)
% WELCHTEST  Two-sample t test for samples of unequal variance.
%   res has the fields t, df, p and reject (at the level of 5 %). side is
%   'both' (default), 'left' or 'right'.
if nargin < 3, side = 'both'; end
vx = var(x) / numel(x);
vy = semsq(y);
res.t = (mean(x) - mean(y)) / sqrt(vx + vy);
res.df = (vx + vy) ^ 2 / (vx ^ 2 / (numel(x) - 1) + vy ^ 2 / (numel(y) - 1));
tail = betainc(res.df / (res.df + res.t ^ 2), res.df / 2, 0.5) / 2;
switch side
  case 'both'
    res.p = 2 * tail;
  case 'left'
    if res.t < 0, res.p = tail; else, res.p = 1 - tail; end
  otherwise
    if res.t > 0, res.p = tail; else, res.p = 1 - tail; end
end
res.reject = res.p < 0.05;
end

function v = semsq(z)
v = sum((z - mean(z)) .^ 2) / (numel(z) - 1) / numel(z);
end
