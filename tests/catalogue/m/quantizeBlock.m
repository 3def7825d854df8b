function [Q, rec, nz] = quantizeBlock(C, T, quality)
% QUANTIZEBLOCK  Quantise the cosine coefficients of a block as JPEG does.
%   T is the table for quality 50.
if quality < 50, s = 5000 / quality; else, s = 200 - 2 * quality; end
S = floor((T * s + 50) / 100);
S(S < 1) = 1;
Q = round(C ./ S);
rec = Q .* S;
nz = sum(Q(:) ~= 0);
end

% See annex K of the standard for the tables.
