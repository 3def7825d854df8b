function [grad, D, Delta, delta] = backpropagation(nn_params, layer_sizes, X, y, lambda)
%BACKPROPAGATION The algorithm as it is taught, one example at a time.
%   [grad, D, Delta, delta] = BACKPROPAGATION(nn_params, layer_sizes, ...
%                                             X, y, lambda)
%   goes forward and back with each example in turn and returns
%   grad         the gradient of the cost, unrolled like nn_params: D
%   D            1 x (L - 1) cell; D{l} has the size of Theta{l} and is
%                Delta{l} / m plus, but for the bias column, lambda / m
%                times Theta{l}
%   Delta        1 x (L - 1) cell; Delta{l} is the sum over the examples of
%                delta{l + 1} * a{l}'
%   delta        1 x L cell of the errors of the last example: delta{l}(j)
%                is how its cost changes with the input of unit j of layer
%                l. delta{1} is [], as inputs have no error
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
%   It is there to be read. multilayerCostFunction gives the same gradient
%   with matrix products in place of the loop over the examples, and faster.
%
%   All outputs are of class double; where nn_params or X is of class
%   single, so are they.
%
%   Example
%      X = [0 0; 0 1; 1 0; 1 1];
%      y = [0; 1; 1; 0];
%      [grad, D, Delta, delta] = backpropagation(sin(1:9)', [2 2 1], X, y, 0);
%
%   Source: "Neural Networks: Learning", backpropagation algorithm,
%   backpropagation intuition.
%
%   See also multilayerCostFunction, gradientChecking, reshapeParameters.

% Check
if nargin ~= 5
    error('backpropagation:nargin', 'backpropagation: expected 5 arguments, got %d', nargin);
end
Thetas = reshapeParameters(nn_params, layer_sizes);
layer_sizes = double(layer_sizes);
K = layer_sizes(end);
if K == 2
    error('backpropagation:layer_sizes', ['backpropagation: layer_sizes must not end in 2: ' ...
        'two classes need one output, which is near 1 for the one and near 0 for the other']);
end
if ~isfloat(X) || ~isreal(X)
    error('backpropagation:X', 'backpropagation: X must be real and of class double or single, got class %s', class(X));
end
if isempty(X)
    error('backpropagation:X', 'backpropagation: X is empty; it needs at least one example (row)');
end
if ndims(X) ~= 2 || size(X, 2) ~= layer_sizes(1)
    error('backpropagation:X', 'backpropagation: X must be a matrix with layer_sizes(1) = %d columns, got %d', layer_sizes(1), size(X, 2));
end
if any(~isfinite(X(:)))
    error('backpropagation:X', 'backpropagation: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end
if numel(y) ~= size(X, 1)
    error('backpropagation:y', 'backpropagation: y must have one label for each of the %d rows of X, got %d', size(X, 1), numel(y));
end
if K == 1 && (~(isnumeric(y) || islogical(y)) || ~isreal(y) || any(y(:) ~= 0 & y(:) ~= 1))
    error('backpropagation:y', 'backpropagation: y must hold 0 and 1 only, the labels of two classes');
end
if K > 1 && (~isnumeric(y) || ~isreal(y) || any(y(:) ~= round(y(:))) || any(y(:) < 1) || any(y(:) > K))
    error('backpropagation:y', 'backpropagation: y must hold whole numbers from 1 to layer_sizes(end) = %d', K);
end
if ~isnumeric(lambda) || ~isreal(lambda) || ~isscalar(lambda) || ~(lambda >= 0) || isinf(lambda)
    error('backpropagation:lambda', 'backpropagation: lambda must be a finite number >= 0');
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

% Example by example
a = cell(1, L);
delta = cell(1, L);
Delta = cell(1, L - 1);
for l = 1:L - 1
    Delta{l} = zeros(size(Thetas{l}));
end
for t = 1:m
    % Forward
    a{1} = [1; X(t, :)'];
    for l = 2:L - 1
        a{l} = [1; sigmoid(Thetas{l - 1} * a{l - 1})];
    end
    a{L} = sigmoid(Thetas{L - 1} * a{L - 1});

    % Backward: a unit's error is the sum of the next layer's, weighted; the bias unit's is dropped
    delta{L} = a{L} - Y(t, :)';
    for l = L - 1:-1:2
        error_l = (Thetas{l}' * delta{l + 1}) .* a{l} .* (1 - a{l});
        delta{l} = error_l(2:end);
    end

    % Accumulate
    for l = 1:L - 1
        Delta{l} = Delta{l} + delta{l + 1} * a{l}';
    end
end

% Average and regularise
D = cell(1, L - 1);
for l = 1:L - 1
    D{l} = Delta{l} / m;
    D{l}(:, 2:end) = D{l}(:, 2:end) + lambda / m * Thetas{l}(:, 2:end);
end

% Unroll
grad = unrollParameters(D);

end

%!shared q, deep, X, t, p, y
%! q = cos (1:29)' / 2;
%! deep = [3 4 2 1];
%! X = reshape (sin (1:15), 5, 3);
%! t = [0 1 1 0 1]';
%! p = cos (1:38)' / 2;
%! y = 1 + mod (1:5, 3)';
%!test <the gradient of multilayerCostFunction>
%! for lambda = [0 3]
%!   [~, grad] = multilayerCostFunction (q, deep, X, t, lambda);
%!   assert (backpropagation (q, deep, X, t, lambda), grad, 32 * eps);
%!   [~, grad] = multilayerCostFunction (p, [3 5 3], X, y, lambda);
%!   assert (backpropagation (p, [3 5 3], X, y, lambda), grad, 32 * eps);
%! end
%!test <the gradient is the slope of the cost>
%! slope = computeNumericalGradient (@(w) multilayerCostFunction (w, deep, X, t, 1), q);
%! grad = backpropagation (q, deep, X, t, 1);
%! assert (norm (slope - grad) / norm (slope + grad) < 1e-9);
%!test <two layers and one output: the gradient of logistic regression>
%! w = [0.1; -2; 3; 0.5];
%! h = 1 ./ (1 + exp (-[ones(5, 1) X] * w));
%! grad = backpropagation (w, [3 1], X, t, 3);
%! assert (grad, [ones(5, 1) X]' * (h - t) / 5 + 3 / 5 * [0; w(2:4)], 8 * eps);
%!test <sizes>
%! [grad, D, Delta, delta] = backpropagation (q, deep, X, t, 1);
%! assert (size (grad), [29 1]);
%! assert (cellfun (@size, D, 'UniformOutput', false), {[4 4], [2 5], [1 3]});
%! assert (cellfun (@size, Delta, 'UniformOutput', false), {[4 4], [2 5], [1 3]});
%! assert (cellfun (@size, delta, 'UniformOutput', false), {[0 0], [4 1], [2 1], [1 1]});
%!test <D is Delta / m and the penalty, but for the bias column>
%! [grad, D, Delta] = backpropagation (q, deep, X, t, 3);
%! Thetas = reshapeParameters (q, deep);
%! for l = 1:3
%!   assert (D{l}(:,1), Delta{l}(:,1) / 5);
%!   assert (D{l}(:,2:end), Delta{l}(:,2:end) / 5 + 3 / 5 * Thetas{l}(:,2:end), eps);
%! end
%! assert (grad, unrollParameters (D));
%!test <intuition: a unit's delta is the weighted sum of the next layer's>
%! [~, ~, ~, delta] = backpropagation (q, deep, X, t, 0);
%! [Theta1, Theta2, Theta3] = deal (reshapeParameters (q, deep){:});
%! a2 = sigmoid (Theta1 * [1; X(5,:)']);
%! a3 = sigmoid (Theta2 * [1; a2]);
%! for j = 1:4
%!   delta_j = (Theta2(1,j+1) * delta{3}(1) + Theta2(2,j+1) * delta{3}(2)) * a2(j) * (1 - a2(j));
%!   assert (delta{2}(j), delta_j, eps);
%! end
%! assert (delta{3}, Theta3(2:3)' * delta{4} .* a3 .* (1 - a3), eps);
%! assert (delta{4}, sigmoid (Theta3 * [1; a3]) - t(5), eps);
%!test <one example: the deltas are the bias columns of Delta>
%! [~, ~, Delta, delta] = backpropagation (p, [3 5 3], X(2,:), y(2), 1);
%! assert ({Delta{1}(:,1), Delta{2}(:,1)}, delta(2:3));
%!test <y a row, logical or uint8; layer_sizes a column of class uint8>
%! grad = backpropagation (q, deep, X, t, 2);
%! assert (backpropagation (q, deep, X, t', 2), grad);
%! assert (backpropagation (q, deep, X, t > 0, 2), grad);
%! assert (backpropagation (q, uint8 (deep'), X, uint8 (t), int8 (2)), grad);
%!test <single>
%! [grad, D, Delta, delta] = backpropagation (q, deep, single (X), t, 3);
%! assert ({class(grad), class(D{1}), class(Delta{3}), class(delta{2})}, {'single', 'single', 'single', 'single'});
%!error id=backpropagation:nargin backpropagation (q, deep, X, t)
%!error <layer_sizes must be a vector of two or more> backpropagation (q, 3, X, t, 0)
%!error <nn_params must have 29 elements for layer_sizes = \[3 4 2 1\], got 28> backpropagation (q(1:28), deep, X, t, 0)
%!error <layer_sizes must not end in 2: two classes need one output> backpropagation (q(1:8), [3 2], X, t, 0)
%!error <X must be real .* got class cell> backpropagation (q, deep, {}, t, 0)
%!error <X is empty> backpropagation (q, deep, zeros (0, 3), zeros (0, 1), 0)
%!error <X must be a matrix with layer_sizes\(1\) = 3 columns, got 2> backpropagation (q, deep, X(:,1:2), t, 0)
%!error id=backpropagation:X backpropagation (q, deep, ones (5, 3, 2), t, 0)
%!error <X must be finite, found 1 NaN or Inf> backpropagation (q, deep, [X(:,1:2) [NaN; 1; 1; 1; 1]], t, 0)
%!error <one label for each of the 5 rows of X, got 4> backpropagation (q, deep, X, t(1:4), 0)
%!error <y must hold 0 and 1 only> backpropagation (q, deep, X, t + 1, 0)
%!error <y must hold 0 and 1 only> backpropagation (q, deep, X, t * NaN, 0)
%!error <y must hold 0 and 1 only> backpropagation (q, deep, X, '01101', 0)
%!error <y must hold 0 and 1 only> backpropagation (q, deep, X, t * i, 0)
%!error <whole numbers from 1 to layer_sizes\(end\) = 3> backpropagation (p, [3 5 3], X, [0 1 2 3 1], 0)
%!error <y must hold whole numbers> backpropagation (p, [3 5 3], X, [4 1 2 3 1], 0)
%!error <y must hold whole numbers> backpropagation (p, [3 5 3], X, [1.5 1 2 3 1], 0)
%!error <y must hold whole numbers> backpropagation (p, [3 5 3], X, t > 0, 0)
%!error <y must hold whole numbers> backpropagation (p, [3 5 3], X, y + 1i, 0)
%!error <lambda must be a finite number .= 0> backpropagation (q, deep, X, t, -1)
%!error <lambda must be a finite number> backpropagation (q, deep, X, t, NaN)
%!error <lambda must be a finite number> backpropagation (q, deep, X, t, [1 2])
