function [numbers, count] = releaseOf(name, mark)
% RELEASEOF  The numbers in the name of a release, as in 7.3.10.
%   MARK is what stands between them.
parts = strsplit(name, mark);
count = numel(parts);
numbers = zeros(1, count);
for k = 1:count
  numbers(k) = str2double(parts{k});
end
end
