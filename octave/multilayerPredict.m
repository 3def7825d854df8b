function p = multilayerPredict(nn_params, layer_sizes, X)
%MULTILAYERPREDICT Labels that a network of any depth gives to examples.
%   p = MULTILAYERPREDICT(nn_params, layer_sizes, X) returns a label for
%   each row of X, m x 1. Where the network has K >= 3 outputs, it is the
%   number of the largest, from 1 to K; of equal outputs the first counts.
%   Where it has one, it is 1 for an output of 0.5 or more, and 0 otherwise.
%
%   nn_params    [Theta1(:); Theta2(:); ...], the unrolled weights: those
%                that lead from layer l to layer l + 1 are a matrix of
%                layer_sizes(l + 1) x (layer_sizes(l) + 1); finite
%   layer_sizes  [s1 ... sL], units of each layer without the bias units;
%                L >= 2, and sL is 1, or 3 or more
%   X            m x s1, one example a row, finite; m may be 0
%
%   With layer_sizes = [n h K] it is predict.
%
%   Example
%      nn_params = [-10; 20];
%      multilayerPredict(nn_params, [1 1], [0; 0.4; 0.5; 1])     % 0 0 1 1
%
%   Source: "Neural Networks: Learning", putting it together; "Neural
%   Networks: Representation", multiclass classification.
%
%   See also multilayerCostFunction, predict, reshapeParameters.

% Check
if nargin ~= 3
    error('multilayerPredict:nargin', 'multilayerPredict: expected 3 arguments, nn_params, layer_sizes and X, got %d', nargin);
end
Thetas = reshapeParameters(nn_params, layer_sizes);
layer_sizes = double(layer_sizes);
K = layer_sizes(end);
if K == 2
    error('multilayerPredict:layer_sizes', ['multilayerPredict: layer_sizes must not end in 2: ' ...
        'two classes need one output, which is near 1 for the one and near 0 for the other']);
end
if any(~isfinite(nn_params(:)))
    error('multilayerPredict:nn_params', 'multilayerPredict: nn_params must be finite, found %d NaN or Inf', sum(~isfinite(nn_params(:))));
end
if ~isfloat(X) || ~isreal(X)
    error('multilayerPredict:X', 'multilayerPredict: X must be real and of class double or single, got class %s', class(X));
end
if ndims(X) ~= 2 || size(X, 2) ~= layer_sizes(1)
    error('multilayerPredict:X', 'multilayerPredict: X must be a matrix with layer_sizes(1) = %d columns, got %d x %d', layer_sizes(1), size(X, 1), size(X, 2));
end
if any(~isfinite(X(:)))
    error('multilayerPredict:X', 'multilayerPredict: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end

% Sizes
L = numel(layer_sizes);
m = size(X, 1);

% Forward
h = X;
for l = 1:L - 1
    h = sigmoid([ones(m, 1) h] * Thetas{l}');
end

% Label, where a NaN is no output
if K == 1
    p = double(h >= 0.5);
else
    [~, p] = max(h, [], 2);
end

end

%!shared p, q, X
%! p = cos (1:38)' / 2;
%! q = cos (1:29)' / 2;
%! X = 3 * reshape (sin (1:15), 5, 3);
%!test <three layers: predict>
%! labels = predict (reshape (p(1:20), 5, 4), reshape (p(21:38), 3, 6), X);
%! assert (multilayerPredict (p, [3 5 3], X), labels);
%!test <four layers, one output>
%! [Theta1, Theta2, Theta3] = deal (reshapeParameters (q, [3 4 2 1]){:});
%! for i = 1:5
%!   a3 = sigmoid (Theta2 * [1; sigmoid(Theta1 * [1; X(i,:)'])]);
%!   assert (multilayerPredict (q, [3 4 2 1], X(i,:)), double (Theta3 * [1; a3] >= 0));
%! end
%!assert (multilayerPredict ([-10; 20], [1 1], [0; 0.4; 0.5; 1]), [0; 0; 1; 1])
%!assert (multilayerPredict (zeros (29, 1), [3 4 2 1], X), ones (5, 1))
%!assert (multilayerPredict (zeros (38, 1), [3 5 3], X), ones (5, 1))
%!assert (multilayerPredict ([-1; 2; 2; 0; 0; 0], [1 3], [0; 5]), [2; 2])
%!assert (multilayerPredict (p, [3 5 3], X(4,:)), multilayerPredict (p, [3 5 3], X)(4))
%!assert (multilayerPredict (p, [3 5 3], zeros (0, 3)), zeros (0, 1))
%!assert (multilayerPredict (q, [3 4 2 1], zeros (0, 3)), zeros (0, 1))
%!assert (multilayerPredict (p, uint8 ([3; 5; 3]), X), multilayerPredict (p, [3 5 3], X))
%!assert (class (multilayerPredict (single (q), [3 4 2 1], X)), 'double')
%!assert (class (multilayerPredict (single (p), [3 5 3], X)), 'double')
%!test <products that overflow>
%! assert (multilayerPredict ([0; 1e308], [1 1], [10; -10]), [1; 0]);
%! assert (multilayerPredict ([0; 0; 0; -1e308; 1e308; 0], [1 3], [10; -10]), [2; 1]);
%!error <expected 3 arguments, nn_params, layer_sizes and X, got 2> multilayerPredict (p, [3 5 3])
%!error <layer_sizes must be a vector of two or more> multilayerPredict (p, 3, X)
%!error <nn_params must have 38 elements for layer_sizes = \[3 5 3\], got 29> multilayerPredict (q, [3 5 3], X)
%!error <layer_sizes must not end in 2: two classes need one output> multilayerPredict (q(1:8), [3 2], X)
%!error <nn_params must be finite, found 1 NaN or Inf> multilayerPredict ([q(1:28); Inf], [3 4 2 1], X)
%!error <X must be real .* got class char> multilayerPredict (p, [3 5 3], 'abc')
%!error <X must be real> multilayerPredict (p, [3 5 3], X * 1i)
%!error <X must be a matrix with layer_sizes\(1\) = 3 columns, got 5 x 2> multilayerPredict (p, [3 5 3], X(:,1:2))
%!error <X must be a matrix .* got 0 x 0> multilayerPredict (p, [3 5 3], [])
%!error id=multilayerPredict:X multilayerPredict (p, [3 5 3], ones (5, 3, 2))
%!error <X must be finite, found 15 NaN or Inf> multilayerPredict (p, [3 5 3], X * NaN)
