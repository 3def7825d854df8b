function [gm, n, flag] = traceLevel(x, lod, blank)
% TRACELEVEL  Geometric mean of the concentrations above the limit of detection,
%   after the blank is taken off. Without any, half of the limit is reported.
kept = x(x >= lod);
n = numel(kept);
net = kept - blank;
if net > 0
  gm = exp(sum(log(net)) / n);
  flag = 'ok';
else
  gm = lod / 2;
  flag = 'below';
end
end
