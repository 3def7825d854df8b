function [A, cx, cy, len] = polygonMoments(P)
% POLYGONMOMENTS  Area (positive if counter-clockwise), centroid and perimeter
%   of a parcel given by its corners, one a row; it need not be closed.
P(end + 1, :) = P(1, :);
A = 0;
cx = 0;
cy = 0;
len = 0;
for k = 1:size(P, 1) - 1
  c = P(k, 1) * P(k + 1, 2) - P(k + 1, 1) * P(k, 2);
  A = A + c / 2;
  cx = cx + (P(k, 1) + P(k + 1, 1)) * c;
  cy = cy + (P(k, 2) + P(k + 1, 2)) * c;
  len = len + hypot(P(k + 1, 1) - P(k, 1), P(k + 1, 2) - P(k, 2));
end
cx = cx / (6 * A);
cy = cy / (6 * A);
end
