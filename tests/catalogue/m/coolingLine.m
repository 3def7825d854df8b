function [temps, total] = coolingLine(temps, loss, gain)
% COOLINGLINE  Temperatures along a cooling line after one pass.
%   Every place loses LOSS times what it is above its neighbours' mean, then
%   GAIN is added. The ends stay as they are. TOTAL is what the line holds.
mean2 = (temps(1:end-2) + temps(3:end)) / 2;
temps(2:end-1) = temps(2:end-1) - loss * (temps(2:end-1) - mean2);
temps(2:end-1) = temps(2:end-1) + gain;
total = sum(temps);
end
