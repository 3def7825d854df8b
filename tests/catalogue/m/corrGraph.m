function [deg, strength, hubs] = corrGraph(X, thr)
% CORRGRAPH  Network of the variables (columns) that go together.
%   Two are joined where |correlation| >= thr. deg counts the neighbours,
%   strength adds their correlations, hubs are the nodes of the highest degree.
C = abs(corrcoef(X));
n = size(C, 1);
deg = zeros(n, 1);
strength = zeros(n, 1);
for i = 1:n
  for j = 1:n
    if i ~= j && C(i, j) >= thr
      deg(i) = deg(i) + 1;
      strength(i) = strength(i) + C(i, j);
    end
  end
end
hubs = find(deg == max(deg));
end
