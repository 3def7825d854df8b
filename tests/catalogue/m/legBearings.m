function [bearing, dist, turn] = legBearings(lat, lon)
% LEGBEARINGS  Initial bearing and length of the legs of a route.
%   Bearings in degrees clockwise from north, lengths in kilometres on the
%   sphere; TURN is the change of course at each way point, from -180 to 180.
R = 6371.0088;
n = numel(lat) - 1;
bearing = zeros(n, 1);
dist = zeros(n, 1);
for k = 1:n
    p1 = lat(k) * pi / 180;
    p2 = lat(k + 1) * pi / 180;
    dl = (lon(k + 1) - lon(k)) * pi / 180;
    east = sin(dl) * cos(p2);
    north = cos(p1) * sin(p2) - sin(p1) * cos(p2) * cos(dl);
    bearing(k) = mod(atan2(east, north) * 180 / pi, 360);
    h = sin((p2 - p1) / 2) ^ 2 + cos(p1) * cos(p2) * sin(dl / 2) ^ 2;
    dist(k) = 2 * R * asin(min(1, sqrt(h)));
end
turn = mod(diff(bearing) + 180, 360) - 180;
end
