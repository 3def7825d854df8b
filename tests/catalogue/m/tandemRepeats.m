function [best, counts, density] = tandemRepeats(seq, units)
% TANDEMREPEATS  How often each of a list of units occurs in a sequence.
%   BEST is the unit with the most occurrences (the first of several), and
%   DENSITY the number of occurrences per hundred letters.
L = length(seq);
counts = zeros(1, numel(units));
best = '';
for u = 1:numel(units)
    unit = units{u};
    if isempty(unit) || length(unit) > L
        continue
    end
    counts(u) = numel(strfind(seq, unit));
    if counts(u) > 0 && counts(u) == max(counts) && sum(counts == counts(u)) == 1
        best = unit;
    end
end
density = 100 * counts / L;
end
