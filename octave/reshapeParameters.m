function Thetas = reshapeParameters(nn_params, layer_sizes)
%RESHAPEPARAMETERS Weight matrices of a network from their unrolled vector.
%   Thetas = RESHAPEPARAMETERS(nn_params, layer_sizes) returns the cell
%   {Theta1, Theta2, ...}, 1 x (L - 1), of the network with L layers of
%   layer_sizes units: Thetas{l} leads from layer l to layer l + 1 and is
%   layer_sizes(l + 1) x (layer_sizes(l) + 1), bias column first.
%
%   nn_params    [Theta1(:); Theta2(:); ...], as unrollParameters makes it
%   layer_sizes  [s1 ... sL], units of each layer without the bias units;
%                two or more whole numbers >= 1
%
%   The weights keep their class, double or single.
%
%   Example
%      Thetas = reshapeParameters(1:13, [2 3 1]);
%      Thetas{1}     % [1 4 7; 2 5 8; 3 6 9]
%      Thetas{2}     % [10 11 12 13]
%
%   Source: "Neural Networks: Learning", implementation note: unrolling
%   parameters.
%
%   See also unrollParameters, multilayerCostFunction.

% Check
if nargin ~= 2
    error('reshapeParameters:nargin', 'reshapeParameters: expected 2 arguments, got %d', nargin);
end
if ~isLayerSizes(layer_sizes)
    error('reshapeParameters:layer_sizes', 'reshapeParameters: layer_sizes must be a vector of two or more whole numbers >= 1');
end
layer_sizes = double(layer_sizes);
if ~isfloat(nn_params) || ~isreal(nn_params)
    error('reshapeParameters:nn_params', 'reshapeParameters: nn_params must be real and of class double or single, got class %s', class(nn_params));
end
num_params = sum(layer_sizes(2:end) .* (layer_sizes(1:end - 1) + 1));
if numel(nn_params) ~= num_params
    error('reshapeParameters:nn_params', 'reshapeParameters: nn_params must have %d elements for layer_sizes = [%s], got %d', ...
        num_params, strtrim(sprintf('%d ', layer_sizes)), numel(nn_params));
end

% Reshape
L = numel(layer_sizes);
Thetas = cell(1, L - 1);
used = 0;
for l = 1:L - 1
    rows = layer_sizes(l + 1);
    columns = layer_sizes(l) + 1;
    Thetas{l} = reshape(nn_params(used + 1:used + rows * columns), rows, columns);
    used = used + rows * columns;
end

end

function ok = isLayerSizes(s)
ok = isnumeric(s) && isreal(s) && isvector(s) && numel(s) >= 2 && all(s >= 1) && all(s == round(s)) && all(~isinf(s));
end

%!assert (reshapeParameters (1:13, [2 3 1]), {[1 4 7; 2 5 8; 3 6 9], 10:13})
%!assert (reshapeParameters ([7; 8], [1 1]), {[7 8]})
%!assert (reshapeParameters ((1:13)', [2; 3; 1]), reshapeParameters (1:13, [2 3 1]))
%!assert (reshapeParameters (reshape (1:15, 3, 5), [1 2 2 1 1]){2}, [5 7 9; 6 8 10])
%!assert (reshapeParameters (1:13, uint8 ([2 3 1])), reshapeParameters (1:13, [2 3 1]))
%!assert (size (reshapeParameters (zeros (8040, 1), uint8 ([200 40])){1}), [40 201])
%!assert (class (reshapeParameters (single (1:13), [2 3 1]){2}), 'single')
%!test <there and back again>
%! p = sin (1:100)';
%! for layer_sizes = {[99 1], [4 20], [1 50], [3 5 10 1 1], [9 7 2 1]}
%!   s = layer_sizes{1};
%!   n = sum (s(2:end) .* (s(1:end-1) + 1));
%!   assert (unrollParameters (reshapeParameters (p(1:n), s)), p(1:n));
%! end
%!error id=reshapeParameters:nargin reshapeParameters (1:13)
%!error <layer_sizes must be a vector of two or more whole numbers .= 1> reshapeParameters (1, 3)
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [])
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [2 0 1])
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [2 1.5 1])
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [2 NaN])
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [2 Inf])
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [2 3; 1 1])
%!error <layer_sizes must be a vector> reshapeParameters (1:13, '231')
%!error <layer_sizes must be a vector> reshapeParameters (1:13, {2, 3, 1})
%!error <layer_sizes must be a vector> reshapeParameters (1:13, [2 3i])
%!error <nn_params must be real .* got class cell> reshapeParameters ({}, [2 3 1])
%!error <nn_params must be real .* got class double> reshapeParameters ((1:13) * i, [2 3 1])
%!error <nn_params must have 13 elements for layer_sizes = \[2 3 1\], got 12> reshapeParameters (1:12, [2 3 1])
%!error id=reshapeParameters:nn_params reshapeParameters (1:14, [2 3 1])
