function g = gainOf(p, q)
% GAINOF  Ratio of two powers, and its level against the mean ratio.
g = p ./ q;
g = g / mean(g);
end
