function [levels, restored, nonzero] = quantizeTransform(coef, table, quality)
% QUANTIZEBLOCK  Quantise the coefficients of an image block.
%   TABLE holds the steps for quality 50. LEVELS and RESTORED are int32.
if quality < 50
    scale = 5000 / quality;
else
    scale = 200 - 2 * quality;
end
steps = int32(max(1, floor((table * scale + 50) / 100)));
levels = int32(coef) ./ steps;
restored = levels .* steps;
nonzero = nnz(levels);
end
