function [J, grad] = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda)
%NNCOSTFUNCTION Cost and gradient of a three-layer neural network.
%   [J, grad] = NNCOSTFUNCTION(nn_params, input_layer_size, ...
%                   hidden_layer_size, num_labels, X, y, lambda)
%   returns the regularised cross-entropy cost J of the network on the m
%   examples in X and y, and its gradient, unrolled like nn_params.
%
%   nn_params    [Theta1(:); Theta2(:)], the unrolled weights:
%                Theta1 is hidden_layer_size x (input_layer_size + 1),
%                Theta2 is num_labels x (hidden_layer_size + 1)
%   X            m x input_layer_size, one example a row, finite
%   y            m labels, whole numbers from 1 to num_labels
%   lambda       strength of the regularisation, >= 0; the bias columns,
%                the first of Theta1 and of Theta2, are not regularised
%
%   J and grad are of class double; where nn_params or X is of class single,
%   so are they.
%
%   An output that is exactly 0 or 1 makes the cost NaN or Inf, as log(0)
%   and 0 * Inf do: very large weights show it.
%
%   Example
%      Theta1 = debugInitializeWeights(5, 3);
%      Theta2 = debugInitializeWeights(3, 5);
%      X = debugInitializeWeights(5, 2);
%      y = 1 + mod(1:5, 3)';
%      [J, grad] = nnCostFunction([Theta1(:); Theta2(:)], 3, 5, 3, X, y, 0);
%
%   Source: "Neural Networks: Learning", cost function and
%   backpropagation algorithm; programming exercise 4.
%
%   See also sigmoid, sigmoidGradient, checkNNGradients, fmincg.

% Check
if nargin ~= 7
    error('nnCostFunction:nargin', 'nnCostFunction: expected 7 arguments, got %d', nargin);
end
if ~isPositiveWhole(input_layer_size)
    error('nnCostFunction:input_layer_size', 'nnCostFunction: input_layer_size must be a whole number >= 1');
end
if ~isPositiveWhole(hidden_layer_size)
    error('nnCostFunction:hidden_layer_size', 'nnCostFunction: hidden_layer_size must be a whole number >= 1');
end
if ~isPositiveWhole(num_labels)
    error('nnCostFunction:num_labels', 'nnCostFunction: num_labels must be a whole number >= 1');
end
input_layer_size = double(input_layer_size);
hidden_layer_size = double(hidden_layer_size);
num_labels = double(num_labels);
if ~isfloat(nn_params) || ~isreal(nn_params)
    error('nnCostFunction:nn_params', 'nnCostFunction: nn_params must be real and of class double or single, got class %s', class(nn_params));
end
num_params = hidden_layer_size * (input_layer_size + 1) + num_labels * (hidden_layer_size + 1);
if numel(nn_params) ~= num_params
    error('nnCostFunction:nn_params', 'nnCostFunction: nn_params must have %d elements, %d x %d for Theta1 and %d x %d for Theta2, got %d', ...
        num_params, hidden_layer_size, input_layer_size + 1, num_labels, hidden_layer_size + 1, numel(nn_params));
end
if ~isfloat(X) || ~isreal(X)
    error('nnCostFunction:X', 'nnCostFunction: X must be real and of class double or single, got class %s', class(X));
end
if isempty(X)
    error('nnCostFunction:X', 'nnCostFunction: X is empty; it needs at least one example (row)');
end
if ndims(X) ~= 2 || size(X, 2) ~= input_layer_size
    error('nnCostFunction:X', 'nnCostFunction: X must have input_layer_size = %d columns, got %d', input_layer_size, size(X, 2));
end
if any(~isfinite(X(:)))
    error('nnCostFunction:X', 'nnCostFunction: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end
if numel(y) ~= size(X, 1)
    error('nnCostFunction:y', 'nnCostFunction: y must have one label for each of the %d rows of X, got %d', size(X, 1), numel(y));
end
if ~isnumeric(y) || ~isreal(y) || any(y(:) ~= round(y(:))) || any(y(:) < 1) || any(y(:) > num_labels)
    error('nnCostFunction:y', 'nnCostFunction: y must hold whole numbers from 1 to num_labels = %d', num_labels);
end
if ~isnumeric(lambda) || ~isreal(lambda) || ~isscalar(lambda) || ~(lambda >= 0) || isinf(lambda)
    error('nnCostFunction:lambda', 'nnCostFunction: lambda must be a finite number >= 0');
end
lambda = double(lambda);

% Sizes
Theta1 = reshape(nn_params(1:hidden_layer_size * (input_layer_size + 1)), hidden_layer_size, input_layer_size + 1);
Theta2 = reshape(nn_params(hidden_layer_size * (input_layer_size + 1) + 1:end), num_labels, hidden_layer_size + 1);
m = size(X, 1);
I = eye(num_labels);
Y = I(y(:), :);

% Forward
a1 = [ones(m, 1) X];
z2 = a1 * Theta1';
a2 = [ones(m, 1) sigmoid(z2)];
z3 = a2 * Theta2';
h = sigmoid(z3);

% Cost
J = sum(sum(-Y .* log(h) - (1 - Y) .* log(1 - h))) / m;
penalty = sum(sum(Theta1(:, 2:end) .^ 2)) + sum(sum(Theta2(:, 2:end) .^ 2));
J = J + lambda / (2 * m) * penalty;

% Backward
delta3 = h - Y;
delta2 = (delta3 * Theta2(:, 2:end)) .* sigmoidGradient(z2);
Theta1_grad = delta2' * a1 / m;
Theta2_grad = delta3' * a2 / m;
Theta1_grad(:, 2:end) = Theta1_grad(:, 2:end) + lambda / m * Theta1(:, 2:end);
Theta2_grad(:, 2:end) = Theta2_grad(:, 2:end) + lambda / m * Theta2(:, 2:end);

% Unroll
grad = [Theta1_grad(:); Theta2_grad(:)];

end

function ok = isPositiveWhole(n)
ok = isnumeric(n) && isreal(n) && isscalar(n) && n >= 1 && n == round(n) && ~isinf(n);
end

%!shared p, X, y
%! p = sin (1:38)' / 10;
%! X = reshape (sin (1:15), 5, 3) / 10;
%! y = 1 + mod (1:5, 3)';
%!test <all weights zero: every output is 1/2>
%! assert (nnCostFunction (zeros (38, 1), 3, 5, 3, X, y, 0), 3 * log (2), 4 * eps);
%!test <the cost of the formula, element by element>
%! Theta1 = reshape (p(1:20), 5, 4);  Theta2 = reshape (p(21:38), 3, 6);
%! J = 0;
%! for i = 1:5
%!   h = sigmoid (Theta2 * [1; sigmoid(Theta1 * [1; X(i,:)'])]);
%!   t = (1:3)' == y(i);
%!   J = J - sum (t .* log (h) + (1 - t) .* log (1 - h)) / 5;
%! end
%! J = J + 3 / 10 * (sumsq (Theta1(:,2:4)(:)) + sumsq (Theta2(:,2:6)(:)));
%! assert (nnCostFunction (p, 3, 5, 3, X, y, 3), J, -8 * eps);
%!test <the gradient is the slope of the cost>
%! [~, grad] = nnCostFunction (p, 3, 5, 3, X, y, 1);
%! step = 1e-4;  slope = zeros (38, 1);
%! for k = 1:38
%!   e = zeros (38, 1);  e(k) = step;
%!   slope(k) = (nnCostFunction (p + e, 3, 5, 3, X, y, 1) ...
%!               - nnCostFunction (p - e, 3, 5, 3, X, y, 1)) / (2 * step);
%! end
%! assert (norm (slope - grad) / norm (slope + grad) < 1e-9);
%!test <the bias columns are not regularised>
%! [~, g0] = nnCostFunction (p, 3, 5, 3, X, y, 0);
%! [~, g1] = nnCostFunction (p, 3, 5, 3, X, y, 1);
%! assert (g1([1:5 21:23]), g0([1:5 21:23]));
%!test <one example, and y as a row>
%! assert (nnCostFunction (p, 3, 5, 3, X(1,:), y(1), 0) > 0);
%! assert (nnCostFunction (p, 3, 5, 3, X, y', 1), nnCostFunction (p, 3, 5, 3, X, y, 1));
%!test <integer classes do not saturate or round>
%! [J, grad] = nnCostFunction (p, 3, 5, 3, X, y, 3);
%! [J8, grad8] = nnCostFunction (p, int8 (3), int8 (5), int8 (3), X, uint8 (y), int8 (3));
%! assert ({J8, grad8}, {J, grad});
%! assert (nnCostFunction (zeros (421, 1), 40, uint8 (10), 1, ones (2, 40), [1 1], 0), log (2), eps);
%!test <single>
%! [J, grad] = nnCostFunction (p, 3, 5, 3, single (X), y, 3);
%! assert ({class(J), class(grad)}, {'single', 'single'});
%!test <saturated outputs: 0 * log (0)>
%! assert (isnan (nnCostFunction (1e4 * ones (38, 1), 3, 5, 3, X + 1, y, 0)));
%!error id=nnCostFunction:nargin nnCostFunction (p, 3, 5, 3, X, y)
%!error <input_layer_size must be a whole number> nnCostFunction (p, 2.5, 5, 3, X, y, 0)
%!error <hidden_layer_size must be a whole number> nnCostFunction (p, 3, 0, 3, X, y, 0)
%!error <num_labels must be a whole number> nnCostFunction (p, 3, 5, [3 3], X, y, 0)
%!error <nn_params must have 38 elements, 5 x 4 for Theta1 and 3 x 6 for Theta2, got 37> nnCostFunction (p(1:37), 3, 5, 3, X, y, 0)
%!error <nn_params must be real .* got class char> nnCostFunction (char (p), 3, 5, 3, X, y, 0)
%!error <X must be real .* got class cell> nnCostFunction (p, 3, 5, 3, {}, y, 0)
%!error <X is empty> nnCostFunction (p, 3, 5, 3, zeros (0, 3), zeros (0, 1), 0)
%!error <X must have input_layer_size = 3 columns, got 2> nnCostFunction (p, 3, 5, 3, X(:,1:2), y, 0)
%!error <X must be finite, found 1 NaN or Inf> nnCostFunction (p, 3, 5, 3, [X(:,1:2) [NaN; 1; 1; 1; 1]], y, 0)
%!error <one label for each of the 5 rows of X, got 4> nnCostFunction (p, 3, 5, 3, X, y(1:4), 0)
%!error <y must hold whole numbers from 1 to num_labels = 3> nnCostFunction (p, 3, 5, 3, X, [0 1 2 3 1], 0)
%!error <y must hold whole numbers> nnCostFunction (p, 3, 5, 3, X, [4 1 2 3 1], 0)
%!error <y must hold whole numbers> nnCostFunction (p, 3, 5, 3, X, [1.5 1 2 3 1], 0)
%!error <y must hold whole numbers> nnCostFunction (p, 3, 5, 3, X, [NaN 1 2 3 1], 0)
%!error <lambda must be a finite number .= 0> nnCostFunction (p, 3, 5, 3, X, y, -1)
%!error <lambda must be a finite number> nnCostFunction (p, 3, 5, 3, X, y, NaN)
