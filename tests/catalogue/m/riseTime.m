function [rise, reached] = riseTime(t, y)
% RISETIME  How long a step response takes from a tenth of its end to nine tenths.
%   T are the times and Y the response, which may overshoot or swing. REACHED
%   are both times.
last = mean(y(end-2:end));
reached = zeros(2, 1);
levels = [0.1 0.9] * last;
for k = 1:2
  reached(k) = t(find(y >= levels(k), 1));
end
rise = reached(2) - reached(1);
end
