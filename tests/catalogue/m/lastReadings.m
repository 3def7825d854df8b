function [ids, val, age] = lastReadings(id, value, t)
% LASTREADINGS  The latest reading of each station of a log in order of time.
%   age is how old it is at the end of the log.
[ids, last] = unique(id, 'last');
val = value(last);
val = val(:);
age = t(end) - t(last);
age = age(:);
bad = val < -90;            % instruments write -99 for a failure
if any(bad)
  val(bad) = NaN;
end
end
