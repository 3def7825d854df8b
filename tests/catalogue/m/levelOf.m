function [db, low] = levelOf(x, ref)
% LEVELOF  Levels of amplitudes in decibels, and the lowest.
a = abs(x) / ref;
db = 20 * log10(a);
low = min(db);
end
