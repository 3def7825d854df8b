function [pairs, counts, common] = bigramTable(txt)
% BIGRAMTABLE  Pairs of letters that follow each other in a text.
%   pairs is a cell of two-letter strings in the order of the second letter,
%   counts says how often, common is the most frequent (the first of equals).
s = lower(txt);
s = s(s >= 'a' & s <= 'z');
C = zeros(26);
for k = 1:numel(s) - 1
  i = s(k) - 'a' + 1;
  j = s(k + 1) - 'a' + 1;
  C(i, j) = C(i, j) + 1;
end
[r, c] = find(C);
pairs = cell(numel(r), 1);
counts = zeros(numel(r), 1);
for k = 1:numel(r)
  pairs{k} = char(['a' + r(k) - 1, 'a' + c(k) - 1]);
  counts(k) = C(r(k), c(k));
end
[~, k] = max(counts);
common = pairs{k};
end
