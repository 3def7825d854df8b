function [J, grad] = multilayerCostFunction(nn_params, layer_sizes, X, y, lambda)
%MULTILAYERCOSTFUNCTION Cost and gradient of a network of any depth.
%   [J, grad] = MULTILAYERCOSTFUNCTION(nn_params, layer_sizes, X, y, lambda)
%   returns the regularised cross-entropy cost J of the network on the m
%   examples in X and y, and its gradient, unrolled like nn_params.
%
%   nn_params    [Theta1(:); Theta2(:); ...], the unrolled weights: those
%                that lead from layer l to layer l + 1 are a matrix of
%                layer_sizes(l + 1) x (layer_sizes(l) + 1)
%   layer_sizes  [s1 ... sL], units of each layer without the bias units;
%                L >= 2. sL is the number of outputs, K: 1 for two classes,
%                or 3 or more, one for each class
%   X            m x s1, one example a row, finite
%   y            m labels: 0 or 1 where K is 1, whole numbers from 1 to K
%                otherwise
%   lambda       strength of the regularisation, >= 0; the bias columns,
%                the first of each matrix, are not regularised
%
%   With layer_sizes = [n h K] it is nnCostFunction, and with [n 1] it is
%   logistic regression.
%
%   J and grad are of class double; where nn_params or X is of class single,
%   so are they. An output that is exactly 0 or 1 makes the cost NaN or Inf,
%   as log(0) and 0 * Inf do.
%
%   Example
%      X = [0 0; 0 1; 1 0; 1 1];
%      y = [0; 1; 1; 0];
%      [J, grad] = multilayerCostFunction(sin(1:15)', [2 2 2 1], X, y, 0);
%
%   Source: "Neural Networks: Learning", cost function, backpropagation
%   algorithm, putting it together.
%
%   See also backpropagation, nnCostFunction, multilayerPredict,
%   reshapeParameters, fmincg.

% Check
if nargin ~= 5
    error('multilayerCostFunction:nargin', 'multilayerCostFunction: expected 5 arguments, got %d', nargin);
end
Thetas = reshapeParameters(nn_params, layer_sizes);
layer_sizes = double(layer_sizes);
K = layer_sizes(end);
if K == 2
    error('multilayerCostFunction:layer_sizes', ['multilayerCostFunction: layer_sizes must not end in 2: ' ...
        'two classes need one output, which is near 1 for the one and near 0 for the other']);
end
if ~isfloat(X) || ~isreal(X)
    error('multilayerCostFunction:X', 'multilayerCostFunction: X must be real and of class double or single, got class %s', class(X));
end
if isempty(X)
    error('multilayerCostFunction:X', 'multilayerCostFunction: X is empty; it needs at least one example (row)');
end
if ndims(X) ~= 2 || size(X, 2) ~= layer_sizes(1)
    error('multilayerCostFunction:X', 'multilayerCostFunction: X must be a matrix with layer_sizes(1) = %d columns, got %d', layer_sizes(1), size(X, 2));
end
if any(~isfinite(X(:)))
    error('multilayerCostFunction:X', 'multilayerCostFunction: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end
if numel(y) ~= size(X, 1)
    error('multilayerCostFunction:y', 'multilayerCostFunction: y must have one label for each of the %d rows of X, got %d', size(X, 1), numel(y));
end
if K == 1 && (~(isnumeric(y) || islogical(y)) || ~isreal(y) || any(y(:) ~= 0 & y(:) ~= 1))
    error('multilayerCostFunction:y', 'multilayerCostFunction: y must hold 0 and 1 only, the labels of two classes');
end
if K > 1 && (~isnumeric(y) || ~isreal(y) || any(y(:) ~= round(y(:))) || any(y(:) < 1) || any(y(:) > K))
    error('multilayerCostFunction:y', 'multilayerCostFunction: y must hold whole numbers from 1 to layer_sizes(end) = %d', K);
end
if ~isnumeric(lambda) || ~isreal(lambda) || ~isscalar(lambda) || ~(lambda >= 0) || isinf(lambda)
    error('multilayerCostFunction:lambda', 'multilayerCostFunction: lambda must be a finite number >= 0');
end
lambda = double(lambda);

% Sizes
L = numel(layer_sizes);
m = size(X, 1);
if K == 1
    Y = double(y(:));
else
    I = eye(K);
    Y = I(y(:), :);
end

% Forward
a = cell(1, L);
z = cell(1, L);
a{1} = [ones(m, 1) X];
for l = 2:L - 1
    z{l} = a{l - 1} * Thetas{l - 1}';
    a{l} = [ones(m, 1) sigmoid(z{l})];
end
z{L} = a{L - 1} * Thetas{L - 1}';
h = sigmoid(z{L});

% Cost
J = sum(sum(-Y .* log(h) - (1 - Y) .* log(1 - h))) / m;
penalty = 0;
for l = 1:L - 1
    penalty = penalty + sum(sum(Thetas{l}(:, 2:end) .^ 2));
end
J = J + lambda / (2 * m) * penalty;

% Backward
delta = cell(1, L);
delta{L} = h - Y;
for l = L - 1:-1:2
    delta{l} = (delta{l + 1} * Thetas{l}(:, 2:end)) .* sigmoidGradient(z{l});
end
Theta_grads = cell(1, L - 1);
for l = 1:L - 1
    Theta_grads{l} = delta{l + 1}' * a{l} / m;
    Theta_grads{l}(:, 2:end) = Theta_grads{l}(:, 2:end) + lambda / m * Thetas{l}(:, 2:end);
end

% Unroll
grad = unrollParameters(Theta_grads);

end

%!shared p, X, y, deep, q, t
%! p = sin (1:38)' / 10;
%! X = reshape (sin (1:15), 5, 3) / 10;
%! y = 1 + mod (1:5, 3)';
%! deep = [3 4 2 1];
%! q = cos (1:29)' / 2;
%! t = [0 1 1 0 1]';
%!test <three layers: nnCostFunction, bit for bit>
%! for lambda = [0 1 3]
%!   [J, grad] = multilayerCostFunction (p, [3 5 3], X, y, lambda);
%!   [J3, grad3] = nnCostFunction (p, 3, 5, 3, X, y, lambda);
%!   assert ({J, grad}, {J3, grad3});
%! end
%!test <the digits: nnCostFunction, bit for bit>
%! folder = fullfile (fileparts (which ('multilayerCostFunction')), '..', 'data');
%! D = load (fullfile (folder, 'digits.mat'));  W = load (fullfile (folder, 'weights.mat'));
%! w = unrollParameters ({W.Theta1, W.Theta2});
%! [J, grad] = multilayerCostFunction (w, [400 25 10], D.X, D.y, 1);
%! [J3, grad3] = nnCostFunction (w, 400, 25, 10, D.X, D.y, 1);
%! assert ({J, grad}, {J3, grad3});
%!assert (multilayerCostFunction (zeros (29, 1), deep, X, t, 0), log (2), 4 * eps)
%!assert (multilayerCostFunction (zeros (38, 1), [3 5 3], X, y, 0), 3 * log (2), 4 * eps)
%!test <two layers and one output: logistic regression>
%! w = [0.1; -2; 3; 0.5];
%! [J, grad] = multilayerCostFunction (w, [3 1], X, t, 3);
%! h = 1 ./ (1 + exp (-[ones(5, 1) X] * w));
%! assert (J, -mean (t .* log (h) + (1 - t) .* log (1 - h)) + 3 / 10 * sumsq (w(2:4)), -8 * eps);
%! assert (grad, [ones(5, 1) X]' * (h - t) / 5 + 3 / 5 * [0; w(2:4)], 8 * eps);
%!test <the gradient is the slope of the cost>
%! [~, grad] = multilayerCostFunction (q, deep, X, t, 1);
%! slope = computeNumericalGradient (@(w) multilayerCostFunction (w, deep, X, t, 1), q);
%! assert (norm (slope - grad) / norm (slope + grad) < 1e-9);
%!test <the bias columns are not regularised>
%! [~, g0] = multilayerCostFunction (q, deep, X, t, 0);
%! [~, g1] = multilayerCostFunction (q, deep, X, t, 1);
%! assert (find (g0 == g1)', [1:4 17:18 27]);
%!test <one example; y a row, logical or uint8; layer_sizes a column of class uint8>
%! assert (multilayerCostFunction (q, deep, X(1,:), t(1), 0) > 0);
%! J = multilayerCostFunction (q, deep, X, t, 2);
%! assert (multilayerCostFunction (q, deep, X, t', 2), J);
%! assert (multilayerCostFunction (q, deep, X, t > 0, 2), J);
%! assert (multilayerCostFunction (q, uint8 (deep'), X, uint8 (t), int8 (2)), J);
%! assert (multilayerCostFunction (p, [3 5 3], X, uint8 (y), 0), multilayerCostFunction (p, [3 5 3], X, y, 0));
%!test <single>
%! [J, grad] = multilayerCostFunction (q, deep, single (X), t, 3);
%! assert ({class(J), class(grad)}, {'single', 'single'});
%! [J, grad] = multilayerCostFunction (single (p), [3 5 3], X, y, 0);
%! assert ({class(J), class(grad)}, {'single', 'single'});
%!test <saturated outputs: 0 * log (0)>
%! assert (isnan (multilayerCostFunction ([1e4; 0], [1 1], [0; 0], [1; 1], 0)));
%!error id=multilayerCostFunction:nargin multilayerCostFunction (q, deep, X, t)
%!error <layer_sizes must be a vector of two or more> multilayerCostFunction (q, 3, X, t, 0)
%!error <nn_params must have 29 elements for layer_sizes = \[3 4 2 1\], got 28> multilayerCostFunction (q(1:28), deep, X, t, 0)
%!error <layer_sizes must not end in 2: two classes need one output> multilayerCostFunction (q(1:8), [3 2], X, t, 0)
%!error <X must be real .* got class cell> multilayerCostFunction (q, deep, {}, t, 0)
%!error <X is empty> multilayerCostFunction (q, deep, zeros (0, 3), zeros (0, 1), 0)
%!error <X must be a matrix with layer_sizes\(1\) = 3 columns, got 2> multilayerCostFunction (q, deep, X(:,1:2), t, 0)
%!error id=multilayerCostFunction:X multilayerCostFunction (q, deep, ones (5, 3, 2), t, 0)
%!error <X must be finite, found 1 NaN or Inf> multilayerCostFunction (q, deep, [X(:,1:2) [NaN; 1; 1; 1; 1]], t, 0)
%!error <one label for each of the 5 rows of X, got 4> multilayerCostFunction (q, deep, X, t(1:4), 0)
%!error <y must hold 0 and 1 only> multilayerCostFunction (q, deep, X, t + 1, 0)
%!error <y must hold 0 and 1 only> multilayerCostFunction (q, deep, X, t * NaN, 0)
%!error <y must hold 0 and 1 only> multilayerCostFunction (q, deep, X, '01101', 0)
%!error <y must hold 0 and 1 only> multilayerCostFunction (q, deep, X, t * i, 0)
%!error <whole numbers from 1 to layer_sizes\(end\) = 3> multilayerCostFunction (p, [3 5 3], X, [0 1 2 3 1], 0)
%!error <y must hold whole numbers> multilayerCostFunction (p, [3 5 3], X, [4 1 2 3 1], 0)
%!error <y must hold whole numbers> multilayerCostFunction (p, [3 5 3], X, [1.5 1 2 3 1], 0)
%!error <y must hold whole numbers> multilayerCostFunction (p, [3 5 3], X, t > 0, 0)
%!error <y must hold whole numbers> multilayerCostFunction (p, [3 5 3], X, y + 1i, 0)
%!error <lambda must be a finite number .= 0> multilayerCostFunction (q, deep, X, t, -1)
%!error <lambda must be a finite number> multilayerCostFunction (q, deep, X, t, NaN)
%!error <lambda must be a finite number> multilayerCostFunction (q, deep, X, t, [1 2])
