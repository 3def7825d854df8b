function [normal, offset, rms] = planeFit(P)
% PLANEFIT  Plane through a cloud of surveyed points by total least squares.
%   The plane is P * normal = offset; the largest component of the normal is
%   positive.
center = mean(P, 1);
[~, ~, V] = svd(P - center, 0);
normal = V(:, 3);
[~, k] = max(abs(normal));
if normal(k) < 0
    normal = -normal;
end
offset = center * normal;
dist = P * normal - offset;
rms = sqrt(mean(dist .^ 2));
end
