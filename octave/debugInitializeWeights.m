function W = debugInitializeWeights(fan_out, fan_in)
%DEBUGINITIALIZEWEIGHTS Weights that are the same each time, to check with.
%   W = DEBUGINITIALIZEWEIGHTS(fan_out, fan_in) returns the weights from
%   fan_in units, and a bias unit, to fan_out units: sin(1) / 10,
%   sin(2) / 10, ... fill a fan_out x (1 + fan_in) matrix column by column.
%   They lie in (-0.1, 0.1), and no two of them are equal.
%
%   The order of the arguments is that of the sizes of W, and not that of
%   randInitializeWeights.
%
%   Example
%      debugInitializeWeights(2, 1)     % 0.0841  0.0141
%                                       % 0.0909 -0.0757
%
%   Source: programming exercise 4, gradient checking.
%
%   See also checkNNGradients, randInitializeWeights.

% Check
if nargin ~= 2
    error('debugInitializeWeights:nargin', 'debugInitializeWeights: expected 2 arguments, fan_out and fan_in, got %d', nargin);
end
if ~isPositiveWhole(fan_out)
    error('debugInitializeWeights:fan_out', 'debugInitializeWeights: fan_out must be a whole number >= 1');
end
if ~isPositiveWhole(fan_in)
    error('debugInitializeWeights:fan_in', 'debugInitializeWeights: fan_in must be a whole number >= 1');
end
fan_out = double(fan_out);
fan_in = double(fan_in);

% Fill
W = zeros(fan_out, 1 + fan_in);
W = reshape(sin(1:numel(W)), size(W)) / 10;

end

function ok = isPositiveWhole(n)
ok = isnumeric(n) && isreal(n) && isscalar(n) && n >= 1 && n == round(n) && ~isinf(n);
end

%!assert (debugInitializeWeights (2, 1), [sin(1) sin(3); sin(2) sin(4)] / 10)
%!assert (debugInitializeWeights (5, 3)(:), sin (1:20)' / 10)
%!assert (debugInitializeWeights (1, 3), sin (1:4) / 10)
%!assert (size (debugInitializeWeights (int8 (100), int8 (2))), [100 3])
%!error <expected 2 arguments, fan_out and fan_in, got 1> debugInitializeWeights (3)
%!error id=debugInitializeWeights:fan_out debugInitializeWeights (0, 5)
%!error <fan_out must be a whole number .= 1> debugInitializeWeights ([], 5)
%!error <fan_in must be a whole number .= 1> debugInitializeWeights (3, 0.5)
%!error id=debugInitializeWeights:fan_in debugInitializeWeights (3, 'a')
