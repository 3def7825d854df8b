function P = rowShares(N)
% ROWSHARES  Shares of each row in its sum, less the mean share of the column.
P = N ./ sum(N, 2);
P = P - mean(P);
end
