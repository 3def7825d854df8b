function [x, alpha, cuts] = feasibleStep(x, d, lo, hi)
% FEASIBLESTEP  The longest step along d, halved until it stays in the box.
%   At most 30 halvings; if none will do, x stays where it is.
alpha = 1;
cuts = 0;
while cuts < 30
    y = x + alpha * d;
    if (y >= lo) & (y <= hi)
        x = y;
        return;
    end
    alpha = alpha / 2;
    cuts = cuts + 1;
end
alpha = 0;
end
