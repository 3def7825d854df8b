function [field, nodal, top] = standingWave(x, y, kx, ky, damping)
% STANDINGWAVE  Pressure of a mode of a room on a grid of microphones.
%   field(i,j) belongs to x(i), y(j). NODAL is a mask of the places where
%   next to nothing is heard; TOP holds x and y of the loudest place.
[X, Y] = ndgrid(x, y);
field = cos(kx * X) .* cos(ky * Y) .* exp(-damping * (X + 2 * Y));
loud = abs(field);
nodal = loud < 0.1 * max(loud(:));
[~, k] = max(loud(:));
top = [X(k), Y(k)];
end
