function [r, nullity, condition, energy] = effectiveRank(A, scale)
% EFFECTIVERANK  Rank of a design matrix whose columns are scaled.
%   CONDITION is the condition number on the range of A, and ENERGY the share
%   of the largest singular value in the sum of the squares.
B = A .* scale(:)';
s = svd(B);
tol = max(size(B)) * eps(max(s));
r = sum(s > tol);
nullity = size(B, 2) - r;
if r == 0
    condition = Inf;
    energy = 0;
    return
end
condition = s(1) / s(r);
energy = s(1) ^ 2 / sum(s(1:r) .^ 2);
end
