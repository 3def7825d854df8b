function [cells, counts] = voxelCounts(P, h)
% VOXELCOUNTS  Occupied cells of a grid of mesh size h, with their points.
%   P has a point in each row. A cell is named by whole numbers, sorted.
K = floor(P / h);
cells = unique(K, 'rows');
counts = zeros(size(cells, 1), 1);
for i = 1:size(K, 1)
  for j = 1:size(cells, 1)
    if all(K(i, :) == cells(j, :))
      counts(j) = counts(j) + 1;
      break;
    end
  end
end
end
