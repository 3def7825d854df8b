function y = maskedSquares(n, k)
% MASKEDSQUARES  Running sum of the squares up to n, with one left out.
T = (1:n)' .^ 2;
T(k) = 0;
y = cumsum(T);
end
