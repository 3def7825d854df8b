function [w, risk, share] = portfolioRisk(R)
% PORTFOLIORISK  Portfolio of least variance from a history of returns.
%   The covariance is the maximum likelihood one (over n). share says how much
%   of the risk each of the assets carries, in units of the risk.
C = cov(R, 1);
k = size(C, 1);
w = C \ ones(k, 1);
w = w / sum(w);
risk = sqrt(w' * C * w);
share = zeros(k, 1);
for j = 1:k
  share(j) = w(j) * (C(j, :) * w) / risk;
end
end
