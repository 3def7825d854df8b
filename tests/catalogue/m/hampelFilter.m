function [y, outlier, trend] = hampelFilter(x, halfWidth, nsigma)
% HAMPELFILTER  Replace outliers of a series by the median around them.
%   At the ends the window is shorter. The scale is 1.4826 times the median
%   absolute deviation. TREND holds the medians.
n = numel(x);
y = x;
trend = zeros(n, 1);
outlier = false(n, 1);
for k = 1:n
    w = x(max(1, k - halfWidth):min(n, k + halfWidth));
    med = median(w);
    scale = 1.4826 * median(abs(w - med));
    trend(k) = med;
    if abs(x(k) - med) > nsigma * scale
        y(k) = med;
        outlier(k) = true;
    end
end
end
