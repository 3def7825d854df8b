function [freq, damping] = modalOrder(A)
% MODALORDER  Frequencies and damping of the modes of a mechanical system.
%   A is the matrix of dx/dt = A*x. FREQ holds the size of each pole, in rising
%   order, and DAMPING the part of it by which the mode dies away. Of a pair of
%   poles the one below the real axis comes first.
p = sort(eig(A));
n = numel(p);
freq = zeros(1, n);
damping = zeros(1, n);
for k = 1:n
    freq(k) = abs(p(k));
    damping(k) = -real(p(k)) / freq(k);
end
end
