function S = boxMean(I, r)
% BOXMEAN  Mean over a square window of radius r, cut off at the borders, by way
%   of an integral image.
[h, w] = size(I);
C = zeros(h + 1, w + 1);
C(2:end, 2:end) = cumsum(cumsum(double(I), 1), 2);
S = zeros(h, w);
for i = 1:h
  top = max(i - r, 1);
  bot = min(i + r, h);
  for j = 1:w
    lef = max(j - r, 1);
    rig = min(j + r, w);
    total = C(bot + 1, rig + 1) - C(top, rig + 1) - C(bot + 1, lef) + C(top, lef);
    S(i, j) = total / ((bot - top + 1) * (rig - lef + 1));
  end
end
end
