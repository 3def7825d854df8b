function [mu, vol, worst, day] = priceMoves(P)
% PRICEMOVES  Mean and volatility of daily log returns, and the worst day.
%   P is days x assets; day counts from 1, the first price being day 1.
R = diff(log(P));
n = size(R, 1);
mu = sum(R) / n;
vol = sqrt(sum((R - mu) .^ 2) / (n - 1));
[worst, k] = min(R);
day = k + 1;
end

% Returns over a weekend count as those of one day.
