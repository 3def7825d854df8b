function [x, v] = momentumOrder(x, v, g)
% MOMENTUMORDER  A step downhill with momentum: first the speed, then the place.
v = 0.9 * v - 0.1 * g;
x = x + v;
end
