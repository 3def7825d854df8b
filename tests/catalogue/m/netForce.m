function [f, a] = netForce(thrust, drag, mass)
% NETFORCE  Force and acceleration of a body.
f = thrust - drag;
a = f ./ mass;
end
