function [q, total] = netRunoff(rain, loss)
% NETRUNOFF  Rain less what is lost, day by day, and the sum of it. A deficit counts.
q = rain - loss;
total = sum(q);
end
