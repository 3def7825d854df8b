function [r, m] = tideRange(h)
% TIDERANGE  Mean range between the highest and the lowest levels of a tide, and its mean level.
[top, low] = extremes(h);
r = mean(top) - mean(low);
m = (mean(top) + mean(low)) / 2;
end

function [top, low] = extremes(h)
s = sort(h);
k = max(1, floor(numel(h) / 4));
low = s(1:k);
top = s(end - k + 1:end);
end
