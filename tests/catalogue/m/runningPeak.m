function best = runningPeak(x)
% RUNNINGPEAK  Half of the largest value so far.
best = zeros(numel(x), 1);
top = -Inf;
for k = 1:numel(x)
  top = max(top, x(k));
  best(k) = top / 2;
end
end
