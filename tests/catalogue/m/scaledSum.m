function s = scaledSum(x, w)
% SCALEDSUM  Weighted sum, scaled once by the sum of the weights.
s = 0;
for k = 1:numel(x)
  s = s + w(k) * x(k);
end
s = s / sum(w);
end
