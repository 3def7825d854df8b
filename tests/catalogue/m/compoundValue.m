function v = compoundValue(p0, rates)
% COMPOUNDVALUE  Value of a deposit after each year.
v = zeros(numel(rates) + 1, 1);
v(1) = p0;
for k = 1:numel(rates)
  v(k + 1) = v(k) * (1 + rates(k));
end
end
