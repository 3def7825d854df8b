function [p, r] = stepBack(now, before, rate)
% STEPBACK  Position after a step that goes on from the last one.
p = now + rate * (now - before);
r = p - before;
end
