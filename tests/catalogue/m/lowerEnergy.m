function [L, total] = lowerEnergy(A)
% LOWERENERGY  Couplings of each part with the parts before it.
L = tril(A);
total = sum(L(:) .^ 2);
end
