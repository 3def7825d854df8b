function [w, limits, touched] = winsorTails(x, p)
% WINSORTAILS  Clamp each column of x to its p and 1-p quantiles.
%   TOUCHED counts, for each column, the values that were moved.
[n, m] = size(x);
w = x;
limits = zeros(2, m);
touched = zeros(1, m);
for j = 1:m
    q = quantile(x(:, j), [p; 1 - p]);
    for i = 1:n
        if x(i, j) < q(1)
            w(i, j) = q(1);
        elseif x(i, j) > q(2)
            w(i, j) = q(2);
        else
            continue
        end
        touched(j) = touched(j) + 1;
    end
    limits(:, j) = q;
end
end
