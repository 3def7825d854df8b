function [x, v] = momentumStep(x, g, n)
% MOMENTUMSTEP  n steps downhill with momentum, which begins at rest.
v = zeros(size(x));
for k = 1:n
  v = 0.9 * v - 0.1 * g;
  x = x + v;
end
end
