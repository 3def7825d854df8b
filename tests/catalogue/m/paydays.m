function [day, count] = paydays(year, month, n)
% PAYDAYS  The day of the week of the first days of a month, from 1 on a Sunday.
%   N days are asked for. COUNT is how many of them are no Saturday or Sunday.
day = zeros(n, 1);
for k = 1:n
  day(k) = weekday(datenum(year, month, k));
end
count = sum(day > 1 & day < 7);
end
