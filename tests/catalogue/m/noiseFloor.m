function [m, x] = noiseFloor(n, level, seed)
% NOISEFLOOR  Mean of n random numbers between 0 and a level.
rand('twister', seed);
x = level * rand(n, 1);
m = mean(x);
end
