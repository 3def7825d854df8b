function w = drawWalk(n, k, seed)
% DRAWWALK  k random walks of n steps between -1/2 and 1/2.
rand('twister', seed);
A = rand(n, k) - 0.5;
w = cumsum(A);
end
