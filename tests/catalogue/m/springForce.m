function [f, e] = springForce(k, x)
% SPRINGFORCE  Force of a spring and its energy.
f = -k * x;
e = -f .* x / 2;
end
