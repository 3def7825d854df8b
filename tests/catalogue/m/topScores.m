function [best, rank] = topScores(x, n)
% TOPSCORES  The n best scores, and where they stand.
[s, rank] = sort(x, 'descend');
best = s(1:n);
rank = rank(1:n);
end
