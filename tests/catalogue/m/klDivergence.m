function [D, bits, perplexity] = klDivergence(P, q)
% KLDIVERGENCE  Divergence of each row of counts from a reference.
%   Rows are turned into probabilities first. An event that never happened
%   adds nothing, for 0 * log(realmin) is zero.
q = q(:)' / sum(q);
n = size(P, 1);
D = zeros(n, 1);
bits = zeros(n, 1);
for i = 1:n
    p = P(i, :) / sum(P(i, :));
    logp = log(max(p, realmin));
    logq = log(max(q, realmin));
    D(i) = sum(p .* (logp - logq));
    bits(i) = -sum(p .* logp) / log(2);
end
perplexity = 2 .^ mean(bits);
end
