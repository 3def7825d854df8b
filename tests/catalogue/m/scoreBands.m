function [counts, share, modal] = scoreBands(scores, edges)
% SCOREBANDS  Number of scores in each band of a marking scheme.
%   Band k holds edges(k) <= score < edges(k+1); the last band is for those
%   who have the full mark. MODAL is the lower end of the fullest band.
scores = scores(~isnan(scores));
counts = histc(scores, edges);
counts = counts(:);
total = sum(counts);
share = zeros(size(counts));
if total > 0
    share = 100 * counts / total;
end
[~, k] = max(counts);
modal = edges(k);
end
