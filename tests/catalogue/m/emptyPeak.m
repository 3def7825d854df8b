function [m, n] = emptyPeak(x, limit)
% EMPTYPEAK  The largest value above a limit, 0 where there is none; how many.
x = x(x > limit);
n = numel(x);
m = max([0; x]);
end
