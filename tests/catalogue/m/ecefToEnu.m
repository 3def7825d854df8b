function [enu, dist, azim] = ecefToEnu(xyz, lat0, lon0, xyz0)
% ECEFTOENU  East, north and up of points given in earth-centred coordinates.
%   xyz         points as rows, metres
%   lat0, lon0  place of the observer, degrees
%   xyz0        the observer in earth-centred coordinates, a row
phi = lat0 * pi / 180;
lam = lon0 * pi / 180;
R = [-sin(lam), cos(lam), 0; ...
     -sin(phi) * cos(lam), -sin(phi) * sin(lam), cos(phi); ...
     cos(phi) * cos(lam), cos(phi) * sin(lam), sin(phi)];
d = xyz - xyz0;
enu = (R * d')';
dist = sqrt(enu(:, 1) .^ 2 + enu(:, 2) .^ 2);
azim = atan2(enu(:, 1), enu(:, 2)) * 180 / pi;
neg = azim < 0;
azim(neg) = azim(neg) + 360;
end
