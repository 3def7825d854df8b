function [risk, shares] = fundRisk(C, sel, w)
% FUNDRISK  Risk of a fund of some of the assets of a market.
%   C is the covariance of all assets, SEL the numbers of those of the fund and
%   W their weights. SHARES is what each of them adds to the variance.
w = w / sum(w);
S = C(sel, sel);
variance = w' * S * w;
risk = sqrt(variance);
shares = w .* (S * w) / variance;
end
