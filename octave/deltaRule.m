function [W, E_history] = deltaRule(W, X, T, alpha, num_epochs, g, gPrime)
%DELTARULE Train a network of one layer, example by example.
%   [W, E_history] = DELTARULE(W, X, T, alpha, num_epochs, g, gPrime) goes
%   num_epochs times through the m examples, in their order. For each, with
%   input x and target t, it has h = W [1; x] and the outputs y = g(h), and
%   changes each weight, from input i to output j, by
%
%      alpha (t_j - y_j) g'(h_j) x_i
%
%   which is a step down the slope of that example's error, the sum over
%   its outputs of (t_j - y_j)^2 / 2. The bias belongs to the input 1.
%
%   W            K x (n + 1), where to start, bias column first, finite
%   X            m x n, one example a row, finite; m >= 1
%   T            m x K, the targets, finite
%   alpha        learning rate, a finite number > 0
%   num_epochs   a whole number >= 0
%   g, gPrime    handles of the units' function and of its derivative; each
%                takes an array and returns a real one of the same size:
%                h of one example, K x 1, or of all of them, m x K, for the
%                error. Both missing or []: linear units, g(h) = h, for which
%                this is the rule of Widrow and Hoff (LMS)
%
%   W            the weights in the end
%   E_history    the error of all examples together, before the first epoch
%                and after each one: (num_epochs + 1) x 1, the learning curve
%
%   W and E_history are of class double; where W, X or T is of class single,
%   so are they. With linear units alpha must stay below 2 / (x' x + 1) for
%   every example: at larger rates the weights may grow without bound.
%
%   Example
%      X = (0:4)';
%      [W, E_history] = deltaRule([0 0], X, 1 + 2 * X, 0.1, 100);
%      W                               % 1.0000  2.0000
%      [W, E_history] = deltaRule([0 0], X, double(X > 1), 1, 500, ...
%                                 @sigmoid, @sigmoidGradient);
%
%   Source: "Neural Networks: Learning", the delta rule.
%
%   See also stepByStepExample, sigmoid, sigmoidGradient.

% Check
if nargin < 5
    error('deltaRule:nargin', 'deltaRule: expected 5 to 7 arguments, got %d', nargin);
end
if ~isfloat(W) || ~isreal(W)
    error('deltaRule:W', 'deltaRule: W must be real and of class double or single, got class %s', class(W));
end
if ~isfloat(X) || ~isreal(X)
    error('deltaRule:X', 'deltaRule: X must be real and of class double or single, got class %s', class(X));
end
if ~isfloat(T) || ~isreal(T)
    error('deltaRule:T', 'deltaRule: T must be real and of class double or single, got class %s', class(T));
end
if ndims(W) ~= 2 || size(W, 1) < 1 || size(W, 2) < 2
    error('deltaRule:W', 'deltaRule: W must be a matrix with at least 1 row and 2 columns, got %d x %d', size(W, 1), size(W, 2));
end
if ndims(X) ~= 2 || size(X, 1) < 1 || size(X, 2) ~= size(W, 2) - 1
    error('deltaRule:X', 'deltaRule: X must be a matrix with at least 1 row and, for the %d columns of W, %d columns, got %d x %d', ...
        size(W, 2), size(W, 2) - 1, size(X, 1), size(X, 2));
end
if ndims(T) ~= 2 || size(T, 1) ~= size(X, 1) || size(T, 2) ~= size(W, 1)
    error('deltaRule:T', 'deltaRule: T must be a matrix with the %d rows of X and, for the %d rows of W, %d columns, got %d x %d', ...
        size(X, 1), size(W, 1), size(W, 1), size(T, 1), size(T, 2));
end
if any(~isfinite(W(:)))
    error('deltaRule:W', 'deltaRule: W must be finite, found %d NaN or Inf', sum(~isfinite(W(:))));
end
if any(~isfinite(X(:)))
    error('deltaRule:X', 'deltaRule: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end
if any(~isfinite(T(:)))
    error('deltaRule:T', 'deltaRule: T must be finite, found %d NaN or Inf', sum(~isfinite(T(:))));
end
if ~isnumeric(alpha) || ~isreal(alpha) || ~isscalar(alpha) || ~(alpha > 0) || isinf(alpha)
    error('deltaRule:alpha', 'deltaRule: alpha must be a finite number > 0');
end
if ~isnumeric(num_epochs) || ~isreal(num_epochs) || ~isscalar(num_epochs) || ~(num_epochs >= 0) || num_epochs ~= round(num_epochs) || isinf(num_epochs)
    error('deltaRule:num_epochs', 'deltaRule: num_epochs must be a whole number >= 0');
end
alpha = double(alpha);
num_epochs = double(num_epochs);
no_g = nargin < 6 || isempty(g);
no_gPrime = nargin < 7 || isempty(gPrime);
if no_g ~= no_gPrime
    error('deltaRule:gPrime', 'deltaRule: g and gPrime belong together: give both, or neither for linear units');
end
if no_g
    g = @(h) h;
    gPrime = @(h) ones(size(h));
end
if ~isa(g, 'function_handle')
    error('deltaRule:g', 'deltaRule: g must be a function handle, got class %s', class(g));
end
if ~isa(gPrime, 'function_handle')
    error('deltaRule:gPrime', 'deltaRule: gPrime must be a function handle, got class %s', class(gPrime));
end
if isa(W, 'single') || isa(X, 'single') || isa(T, 'single')
    W = single(W);
    X = single(X);
    T = single(T);
end

% Sizes
m = size(X, 1);
X = [ones(m, 1) X];
E_history = zeros(num_epochs + 1, 1, class(W));

% Train
E_history(1) = totalError(W, X, T, g);
for epoch = 1:num_epochs
    for i = 1:m
        x = X(i, :)';
        t = T(i, :)';
        h = W * x;
        y = evaluate(g, h, 'g');
        delta = (t - y) .* evaluate(gPrime, h, 'gPrime');
        W = W + alpha * delta * x';
    end
    E_history(epoch + 1) = totalError(W, X, T, g);
end

end

function E = totalError(W, X, T, g)
Y = evaluate(g, X * W', 'g');
E = sum(sum((T - Y) .^ 2)) / 2;
end

function y = evaluate(f, h, name)
y = f(h);
if ~isfloat(y) || ~isreal(y)
    error(['deltaRule:' name], 'deltaRule: %s must return real numbers of class double or single, got class %s', name, class(y));
end
if ~isequal(size(y), size(h))
    error(['deltaRule:' name], 'deltaRule: %s must return an array of the size of its argument, %d x %d, got %d x %d', ...
        name, size(h, 1), size(h, 2), size(y, 1), size(y, 2));
end
y = cast(y, class(h));
end

%!shared W, X, T
%! W = debugInitializeWeights (2, 3);
%! X = 10 * debugInitializeWeights (4, 2);
%! T = reshape (cos (1:8), 4, 2);
%!test <one step by hand>
%! assert (deltaRule ([1 2], 3, 10, 0.5, 1), [1 2] + 0.5 * (10 - 7) * [1 3]);
%! [V, E_history] = deltaRule ([1 2], 3, 10, 0.5, 1, @(h) h .^ 2, @(h) 2 * h);
%! assert (V, [1 2] + 0.5 * (10 - 49) * 14 * [1 3]);
%! assert (E_history, [39^2; (10 - (V * [1; 3])^2)^2] / 2);
%!test <each example in its turn, with the weights that the one before it left>
%! V = W;
%! for i = [1:4 1:4]
%!   V = deltaRule (V, X(i,:), T(i,:), 0.3, 1, @sigmoid, @sigmoidGradient);
%! end
%! assert (deltaRule (W, X, T, 0.3, 2, @sigmoid, @sigmoidGradient), V, eps);
%!test <the step is -alpha times the gradient of the example's error>
%! E = @(V) sum ((T(2,:)' - sigmoid (reshape (V, 2, 4) * [1; X(2,:)'])) .^ 2) / 2;
%! step = deltaRule (W, X(2,:), T(2,:), 0.7, 1, @sigmoid, @sigmoidGradient) - W;
%! assert (step(:), -0.7 * computeNumericalGradient (E, W(:)), 1e-9);
%!test <linear units find the plane that the targets lie in>
%! V = [1 -2 3 0.5; 0 1 -1 2];
%! [U, E_history] = deltaRule (zeros (2, 4), X, [ones(4, 1) X] * V', 0.2, 500);
%! assert ([ones(4, 1) X] * U', [ones(4, 1) X] * V', 1e-10);
%! assert (all (diff (E_history(1:100)) < 0));
%!test <the learning curve>
%! [~, E_history] = deltaRule (W, X, T, 0.1, 3);
%! assert (size (E_history), [4 1]);
%! assert (E_history(1), sumsq ((T - [ones(4, 1) X] * W')(:)) / 2, 4 * eps);
%! for epochs = 0:2
%!   assert (nthargout (2, @deltaRule, W, X, T, 0.1, epochs), E_history(1:epochs+1));
%! end
%!assert (deltaRule (W, X, T, 0.1, 0), W)
%!assert (deltaRule (W, X, T, 0.1, 2, [], []), deltaRule (W, X, T, 0.1, 2))
%!assert (deltaRule (W, X, T, 0.1, 2, @(h) h, @(h) ones (size (h))), deltaRule (W, X, T, 0.1, 2))
%!assert (deltaRule (W, X, T, int8 (1), uint8 (2)), deltaRule (W, X, T, 1, 2))
%!test <single>
%! [V, E_history] = deltaRule (W, X, single (T), 0.1, 1);
%! assert ({class(V), class(E_history)}, {'single', 'single'});
%! [V, E_history] = deltaRule (W, X, T, 0.1, 1, @(h) single (h), @(h) single (ones (size (h))));
%! assert ({class(V), class(E_history)}, {'double', 'double'});
%!error <expected 5 to 7 arguments, got 4> deltaRule (W, X, T, 0.1)
%!error <W must be real .* got class char> deltaRule ('a', X, T, 0.1, 1)
%!error <X must be real .* got class logical> deltaRule (W, X > 0, T, 0.1, 1)
%!error <T must be real> deltaRule (W, X, T * 1i, 0.1, 1)
%!error <W must be a matrix with at least 1 row and 2 columns, got 2 x 1> deltaRule (W(:,1), X, T, 0.1, 1)
%!error <W must be a matrix .* got 0 x 4> deltaRule (W([],:), X, T, 0.1, 1)
%!error id=deltaRule:W deltaRule (zeros (2, 4, 2), X, T, 0.1, 1)
%!error <for the 4 columns of W, 3 columns, got 4 x 2> deltaRule (W, X(:,1:2), T, 0.1, 1)
%!error <X must be a matrix with at least 1 row .* got 0 x 3> deltaRule (W, X([],:), T([],:), 0.1, 1)
%!error id=deltaRule:X deltaRule (W, zeros (4, 3, 2), T, 0.1, 1)
%!error <T must be a matrix with the 4 rows of X and, for the 2 rows of W, 2 columns, got 3 x 2> deltaRule (W, X, T(1:3,:), 0.1, 1)
%!error <got 4 x 1> deltaRule (W, X, T(:,1), 0.1, 1)
%!error id=deltaRule:T deltaRule (W, X, zeros (4, 2, 2), 0.1, 1)
%!error <W must be finite, found 8 NaN or Inf> deltaRule (W * NaN, X, T, 0.1, 1)
%!error <X must be finite, found 12 NaN or Inf> deltaRule (W, X / 0, T, 0.1, 1)
%!error <T must be finite, found 8 NaN or Inf> deltaRule (W, X, T / 0, 0.1, 1)
%!error <alpha must be a finite number . 0> deltaRule (W, X, T, 0, 1)
%!error <alpha must be a finite number> deltaRule (W, X, T, -1, 1)
%!error <alpha must be a finite number> deltaRule (W, X, T, NaN, 1)
%!error <alpha must be a finite number> deltaRule (W, X, T, [], 1)
%!error <num_epochs must be a whole number .= 0> deltaRule (W, X, T, 0.1, -1)
%!error <num_epochs must be a whole number> deltaRule (W, X, T, 0.1, 1.5)
%!error <num_epochs must be a whole number> deltaRule (W, X, T, 0.1, Inf)
%!error <g and gPrime belong together> deltaRule (W, X, T, 0.1, 1, @sigmoid)
%!error <g and gPrime belong together> deltaRule (W, X, T, 0.1, 1, [], @sigmoidGradient)
%!error <g must be a function handle, got class char> deltaRule (W, X, T, 0.1, 1, 'sigmoid', @sigmoidGradient)
%!error <gPrime must be a function handle, got class double> deltaRule (W, X, T, 0.1, 1, @sigmoid, 1)
%!error <g must return an array of the size of its argument, 4 x 2, got 1 x 2> deltaRule (W, X, T, 0.1, 1, @sum, @sigmoidGradient)
%!error <gPrime must return an array of the size of its argument, 2 x 1, got 1 x 1> deltaRule (W, X, T, 0.1, 1, @sigmoid, @(h) 1)
%!error id=deltaRule:g deltaRule (W, X, T, 0.1, 1, @(h) zeros (4, 2, 2), @sigmoidGradient)
%!error <g must return real numbers of class double or single, got class logical> deltaRule (W, X, T, 0.1, 1, @(h) h > 0, @sigmoidGradient)
%!error <gPrime must return real numbers> deltaRule (W, X, T, 0.1, 1, @sigmoid, @(h) 1i * h)
