function [sr, draw] = sharpeTable(R, rf, periods)
% SHARPETABLE  Annualised Sharpe ratio and deepest drawdown of each strategy.
%   R has a column of simple returns per strategy, rf is the yearly risk-free
%   rate and periods the number of rows in a year (252 unless given).
if nargin < 3, periods = 252; end
excess = R - rf / periods;
sr = sqrt(periods) * mean(excess) ./ std(excess);

wealth = cumprod(1 + R);
high = cummax(wealth);
draw = max(1 - wealth ./ high);
end
