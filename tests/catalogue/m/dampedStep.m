function x = dampedStep(x, g, rate)
% DAMPEDSTEP  One step downhill, by a rate of 0.1 unless told otherwise.
if nargin < 3
  rate = 0.1;
end
x = x - rate * g;
end
