function [M, dE, worst] = colourMatrix(rgb, ref)
% COLOURMATRIX  Correction of a camera by a chart: the 3 x 3 matrix that takes
%   the linear values of its patches (3 x n) closest to the reference (3 x n).
M = ref / rgb;
n = size(rgb, 2);
dE = zeros(n, 1);
for k = 1:n
  dE(k) = norm(M * rgb(:, k) - ref(:, k));
end
[~, worst] = max(dE);
end
