function [onset, condition, gap] = trialTable(conds, isi, nBlocks, start)
% TRIALTABLE  Onsets of the trials of an experiment.
%   In each block every condition comes once, in the order given; the trial
%   of condition c lasts isi(c) seconds. GAP is the longest time between two
%   trials of the first condition.
condition = repmat(conds(:), nBlocks, 1);
n = numel(condition);
onset = zeros(n, 1);
t = start;
for k = 1:n
    onset(k) = t;
    t = t + isi(condition(k));
end
mine = onset(condition == conds(1));
if numel(mine) > 1
    gap = max(diff(mine));
else
    gap = 0;
end
end
