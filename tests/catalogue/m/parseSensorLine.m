function [readings, station, level] = parseSensorLine(line)
% PARSESENSORLINE  Readings of one line of a logger's file.
%   The line is NAME;v1;v2;... where the logger pads short values with more
%   semicolons. A reading that is no number comes back as NaN, and LEVEL is
%   the mean of the readings that are numbers.
parts = strsplit(strtrim(line), ';');
station = upper(parts{1});
n = numel(parts) - 1;
readings = zeros(1, n);
good = 0;
level = 0;
for k = 1:n
    readings(k) = str2double(parts{k + 1});
    if ~isnan(readings(k))
        good = good + 1;
        level = level + readings(k);
    end
end
if good > 0, level = level / good; end
end
