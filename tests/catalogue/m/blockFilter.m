function [y, energy] = blockFilter(b, a, x, blockLen)
% BLOCKFILTER  Recursive filter that is fed with blocks of a signal.
%   The filter starts at rest, and its state is handed on from block to
%   block. ENERGY is the mean square of each block of the result.
n = numel(x);
y = zeros(n, 1);
energy = [];
state = zeros(max(numel(a), numel(b)) - 1, 1);
first = 1;
while first <= n
    last = min(first + blockLen - 1, n);
    [y(first:last), state] = filter(b, a, x(first:last), state);
    energy(end + 1, 1) = mean(y(first:last) .^ 2);
    first = last + 1;
end
end
