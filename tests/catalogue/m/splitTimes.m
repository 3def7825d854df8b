function [d, best] = splitTimes(t)
% SPLITTIMES  Times between the runners in the order of their arrival, and the smallest of them.
s = sort(t(:));
d = diff([0; s]);
best = min(d(2:end));
end
