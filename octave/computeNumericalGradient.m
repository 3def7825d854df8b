function numgrad = computeNumericalGradient(J, theta)
%COMPUTENUMERICALGRADIENT Gradient of a function by two-sided differences.
%   numgrad = COMPUTENUMERICALGRADIENT(J, theta) moves one element of theta
%   at a time by e = 1e-4, down and up, and returns for each the slope
%   (J(theta + e) - J(theta - e)) / (2 e), in the shape of theta.
%
%   J            function handle; J(theta) returns a real number
%   theta        where the gradient is wanted: real, one or more elements
%
%   It calls J twice for each element, so it is slow: it is there to check a
%   gradient that was computed in another way, and not to train with. Its
%   error is about e^2 times the third derivative, plus the rounding error
%   of J divided by e.
%
%   Example
%      computeNumericalGradient(@(t) t(1)^2 + 3 * t(2), [1; 2])     % [2; 3]
%
%   Source: "Neural Networks: Learning", gradient checking; programming
%   exercise 4.
%
%   See also checkNNGradients, nnCostFunction.

% Check
if nargin ~= 2
    error('computeNumericalGradient:nargin', 'computeNumericalGradient: expected 2 arguments, J and theta, got %d', nargin);
end
if ~isa(J, 'function_handle')
    error('computeNumericalGradient:J', 'computeNumericalGradient: J must be a function handle, got class %s', class(J));
end
if ~isfloat(theta) || ~isreal(theta)
    error('computeNumericalGradient:theta', 'computeNumericalGradient: theta must be real and of class double or single, got class %s', class(theta));
end
if isempty(theta)
    error('computeNumericalGradient:theta', 'computeNumericalGradient: theta is empty; it needs at least one element');
end

% Differences
numgrad = zeros(size(theta), class(theta));
perturb = zeros(size(theta), class(theta));
e = 1e-4;
for p = 1:numel(theta)
    perturb(p) = e;
    loss1 = evaluate(J, theta - perturb);
    loss2 = evaluate(J, theta + perturb);
    numgrad(p) = (loss2 - loss1) / (2 * e);
    perturb(p) = 0;
end

end

function loss = evaluate(J, theta)
loss = J(theta);
if ~isfloat(loss) || ~isreal(loss)
    error('computeNumericalGradient:J', 'computeNumericalGradient: J must return a real number of class double or single, got class %s', class(loss));
end
if numel(loss) ~= 1
    error('computeNumericalGradient:J', 'computeNumericalGradient: J must return one number, got %d', numel(loss));
end
end

%!assert (computeNumericalGradient (@(t) 3 * t, 2), 3, 1e-11)
%!assert (computeNumericalGradient (@(t) t' * t, [1; -2; 0]), [2; -4; 0], 1e-11)
%!test <exact to rounding for a quadratic function, as the third derivative is 0>
%! A = reshape (cos (1:16), 4, 4);  A = A + A';  t = (1:4)';
%! assert (computeNumericalGradient (@(x) x' * A * x / 2, t), A * t, 1e-10);
%!test <the shape and class of theta>
%! assert (size (computeNumericalGradient (@(t) sum (t(:)), zeros (2, 3))), [2 3]);
%! assert (size (computeNumericalGradient (@(t) sum (t(:)), zeros (1, 3))), [1 3]);
%! assert (class (computeNumericalGradient (@(t) sum (t), single ([1; 2]))), 'single');
%!test <a cost that is not finite>
%! assert (computeNumericalGradient (@(t) NaN, 1), NaN);
%! assert (computeNumericalGradient (@(t) 1 / (t < 1), 1), Inf);
%!error <expected 2 arguments, J and theta, got 1> computeNumericalGradient (@sin)
%!error <J must be a function handle, got class char> computeNumericalGradient ('sin', 1)
%!error <theta must be real .* got class logical> computeNumericalGradient (@sin, true)
%!error <theta must be real> computeNumericalGradient (@sin, 1i)
%!error <theta is empty> computeNumericalGradient (@sum, [])
%!error <J must return one number, got 2> computeNumericalGradient (@sin, [1 2])
%!error <J must return one number, got 0> computeNumericalGradient (@(t) [], 1)
%!error <J must return a real number of class double or single, got class logical> computeNumericalGradient (@(t) t > 0, 1)
%!error <J must return a real number> computeNumericalGradient (@(t) 1i * t, 1)
%!error id=computeNumericalGradient:J computeNumericalGradient (@(t) 'a', 1)
