function t = smoothTrend(x, w)
% SMOOTHTREND  Weighted moving average of the inner part of a series.
t = conv(x, w / sum(w), 'valid');
end
