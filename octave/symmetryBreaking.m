function [distinct, J_history] = symmetryBreaking(initial_nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda, alpha, num_iters)
%SYMMETRYBREAKING Count the different hidden units while a network trains.
%   [distinct, J_history] = SYMMETRYBREAKING(initial_nn_params, ...
%                   input_layer_size, hidden_layer_size, num_labels, ...
%                   X, y, lambda, alpha, num_iters)
%   trains the three-layer network by gradient descent, p = p - alpha * grad,
%   and says how many hidden units have weights of their own: a unit is its
%   row of Theta1 together with its column of Theta2. Equal units get equal
%   gradients and stay equal for ever, so that from all zeros the network
%   computes with one unit only; random weights break the symmetry.
%
%   initial_nn_params, ..., lambda
%                as for nnCostFunction, which checks them; the weights finite
%   alpha        learning rate, a finite number > 0
%   num_iters    a whole number >= 0
%
%   distinct     different hidden units before training and after each
%                iteration: (num_iters + 1) x 1
%   J_history    the cost at the same times
%
%   Two units count as the same where none of their weights differ by more
%   than the rounding of one step may make them: N eps times the largest
%   weight plus alpha times the largest input (1 at least), N being the
%   longest sum in the step's matrix products, which may add up in another
%   order for one unit than for its twin. Such units are made the same again
%   after each step, since training lets even rounding grow without bound.
%
%   Example
%      distinct = symmetryBreaking(zeros(38, 1), 3, 5, 3, ...
%         debugInitializeWeights(5, 2), [2 3 1 2 3], 0, 1, 10);
%      distinct'                       % 1  1  1  1  1  1  1  1  1  1  1
%
%   Source: "Neural Networks: Learning", random initialisation.
%
%   See also randInitializeWeights, nnCostFunction.

% Check
if nargin ~= 9
    error('symmetryBreaking:nargin', 'symmetryBreaking: expected 9 arguments, got %d', nargin);
end
if ~isnumeric(alpha) || ~isreal(alpha) || ~isscalar(alpha) || ~(alpha > 0) || isinf(alpha)
    error('symmetryBreaking:alpha', 'symmetryBreaking: alpha must be a finite number > 0');
end
if ~isnumeric(num_iters) || ~isreal(num_iters) || ~isscalar(num_iters) || ~(num_iters >= 0) || num_iters ~= round(num_iters) || isinf(num_iters)
    error('symmetryBreaking:num_iters', 'symmetryBreaking: num_iters must be a whole number >= 0');
end
[J, grad] = nnCostFunction(initial_nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
p = cast(initial_nn_params(:), class(grad));
if any(~isfinite(p))
    error('symmetryBreaking:initial_nn_params', 'symmetryBreaking: initial_nn_params must be finite, found %d NaN or Inf', sum(~isfinite(p)));
end
alpha = double(alpha);
num_iters = double(num_iters);

% Sizes
sizes = double([input_layer_size hidden_layer_size num_labels]);
N = max([size(X, 1) sizes + 1]);
largest_input = max(1, max(abs(double(X(:)))));
rounding = N * double(eps(class(p)));
distinct = zeros(num_iters + 1, 1);
J_history = zeros(num_iters + 1, 1, class(grad));

% Before training
tol = rounding * double(max(abs(p))) + rounding * alpha * largest_input;
distinct(1) = joinTwins(p, sizes, tol);
J_history(1) = J;

% Train
for k = 1:num_iters
    p = p - alpha * grad;
    if any(~isfinite(p))
        error('symmetryBreaking:alpha', 'symmetryBreaking: the weights are not finite after %d iterations; alpha is too large', k);
    end
    tol = rounding * double(max(abs(p))) + rounding * alpha * largest_input;
    [distinct(k + 1), p] = joinTwins(p, sizes, tol);
    [J_history(k + 1), grad] = nnCostFunction(p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
end

end

function [distinct, p] = joinTwins(p, sizes, tol)
% One unit a row
Theta1 = reshape(p(1:sizes(2) * (sizes(1) + 1)), sizes(2), sizes(1) + 1);
Theta2 = reshape(p(sizes(2) * (sizes(1) + 1) + 1:end), sizes(3), sizes(2) + 1);
units = [Theta1 Theta2(:, 2:end)'];

% Each unit in its turn takes all that are left and the same
distinct = 0;
left = 1:sizes(2);
while ~isempty(left)
    first = units(left(1), :);
    same = max(abs(units(left, :) - repmat(first, numel(left), 1)), [], 2) <= tol;
    units(left(same), :) = repmat(first, sum(same), 1);
    left = left(~same);
    distinct = distinct + 1;
end

% Unroll
Theta1 = units(:, 1:sizes(1) + 1);
Theta2(:, 2:end) = units(:, sizes(1) + 2:end)';
p = [Theta1(:); Theta2(:)];
end

%!shared p, X, y
%! p = sin (1:38)' / 10;
%! X = debugInitializeWeights (5, 2);
%! y = 1 + mod (1:5, 3)';
%!function p = withCopies (kind)
%!  Theta1 = debugInitializeWeights (max (kind), 3);
%!  Theta2 = debugInitializeWeights (3, max (kind));
%!  Theta1 = Theta1(kind,:);  Theta2 = Theta2(:,[1 1 + kind]);
%!  p = [Theta1(:); Theta2(:)];
%!endfunction
%!assert (symmetryBreaking (zeros (38, 1), 3, 5, 3, X, y, 0, 1, 20), ones (21, 1))
%!assert (symmetryBreaking (0.3 * ones (38, 1), 3, 5, 3, X, y, 1, 1, 20), ones (21, 1))
%!assert (symmetryBreaking (p, 3, 5, 3, X, y, 0, 1, 20), 5 * ones (21, 1))
%!assert (symmetryBreaking (withCopies ([1 2 1 3 2]), 3, 5, 3, X, y, 0, 1, 20), 3 * ones (21, 1))
%!assert (symmetryBreaking (withCopies ([1 1 2 2]), 3, 4, 3, X, y, 0, 1, 20), 2 * ones (21, 1))
%!assert (symmetryBreaking (zeros (18, 1), 3, 1, 7, X, y, 0, 1, 3), ones (4, 1))
%!test <the cost on the way down>
%! [~, J_history] = symmetryBreaking (p, 3, 5, 3, X, y, 1, 0.5, 10);
%! q = p;
%! for k = 1:11
%!   [J, grad] = nnCostFunction (q, 3, 5, 3, X, y, 1);
%!   assert (J_history(k), J);
%!   q -= 0.5 * grad;
%! end
%!test <no iterations>
%! [distinct, J_history] = symmetryBreaking (p, 3, 5, 3, X, y, 1, 0.5, 0);
%! assert ({distinct, J_history}, {5, nnCostFunction(p, 3, 5, 3, X, y, 1)});
%!test <a unit is both its row and its column>
%! q = zeros (38, 1);  q(2) = 0.1;
%! assert (symmetryBreaking (q, 3, 5, 3, X, y, 0, 1, 0), 2);
%! q = zeros (38, 1);  q(38) = 0.1;
%! assert (symmetryBreaking (q, 3, 5, 3, X, y, 0, 1, 0), 2);
%! q = zeros (38, 1);  q(21:23) = 1:3;
%! assert (symmetryBreaking (q, 3, 5, 3, X, y, 0, 1, 0), 1);
%!test <what rounding may do makes no difference, a thousand times as much does>
%! q = 0.1 * ones (38, 1);  q(7) = q(7) + 2 * eps;
%! assert (symmetryBreaking (q, 3, 5, 3, X, y, 0, 1, 10), ones (11, 1));
%! q(7) = q(7) + 2000 * eps;
%! assert (symmetryBreaking (q, 3, 5, 3, X, y, 0, 1, 10), 2 * ones (11, 1));
%!test <rounding does not grow: without joining, 26 units fall apart here>
%! data = load (fullfile (fileparts (which ('symmetryBreaking')), '..', 'data', 'digits.mat'));
%! some = 1:25:5000;
%! distinct = symmetryBreaking (zeros (10696, 1), 400, 26, 10, data.X(some,:), data.y(some), 1, 1, 180);
%! assert (distinct, ones (181, 1));
%!test <single>
%! [distinct, J_history] = symmetryBreaking (zeros (38, 1), 3, 5, 3, single (X), y, 0, 1, 5);
%! assert ({class(distinct), class(J_history), distinct}, {'double', 'single', ones(6, 1)});
%!test <integer classes>
%! [distinct, J_history] = symmetryBreaking (p, int8 (3), int8 (5), int8 (3), X, uint8 (y), 1, int8 (1), uint8 (4));
%! [~, expected] = symmetryBreaking (p, 3, 5, 3, X, y, 1, 1, 4);
%! assert ({distinct, J_history}, {5 * ones(5, 1), expected});
%!error <expected 9 arguments, got 8> symmetryBreaking (p, 3, 5, 3, X, y, 0, 1)
%!error <alpha must be a finite number . 0> symmetryBreaking (p, 3, 5, 3, X, y, 0, 0, 1)
%!error <alpha must be a finite number> symmetryBreaking (p, 3, 5, 3, X, y, 0, NaN, 1)
%!error <alpha must be a finite number> symmetryBreaking (p, 3, 5, 3, X, y, 0, [], 1)
%!error <num_iters must be a whole number .= 0> symmetryBreaking (p, 3, 5, 3, X, y, 0, 1, -1)
%!error <num_iters must be a whole number> symmetryBreaking (p, 3, 5, 3, X, y, 0, 1, 1.5)
%!error <num_iters must be a whole number> symmetryBreaking (p, 3, 5, 3, X, y, 0, 1, Inf)
%!error <initial_nn_params must be finite, found 38 NaN or Inf> symmetryBreaking (p / 0, 3, 5, 3, X, y, 0, 1, 1)
%!error <not finite after 2 iterations; alpha is too large> symmetryBreaking (p, 3, 5, 3, X, y, 1e200, 1e100, 9)
%!error <nnCostFunction: nn_params must have 38 elements> symmetryBreaking (p(1:37), 3, 5, 3, X, y, 0, 1, 1)
%!error id=nnCostFunction:y symmetryBreaking (p, 3, 5, 3, X, y + 1, 0, 1, 1)
