function [pts, len] = bezierCurve(ctrl, t)
% BEZIERCURVE  Points of a Bezier curve, and the length of their polygon.
%   The rows of ctrl are the control points, t the parameters from 0 to 1.
n = size(ctrl, 1) - 1;
pts = zeros(numel(t), size(ctrl, 2));
for i = 0:n
    w = nchoosek(n, i) * t(:) .^ i .* (1 - t(:)) .^ (n - i);
    pts = pts + w * ctrl(i + 1, :);
end
len = 0;
for k = 2:numel(t)
    len = len + norm(pts(k, :) - pts(k - 1, :));
end
end
