function p = predict(Theta1, Theta2, X)
%PREDICT Labels that a trained three-layer network gives to examples.
%   p = PREDICT(Theta1, Theta2, X) returns, for each row of X, the number
%   of the largest output of the network: m x 1, whole numbers from 1 to
%   num_labels. Of equal outputs the first counts.
%
%   Theta1       hidden_layer_size x (input_layer_size + 1), finite
%   Theta2       num_labels x (hidden_layer_size + 1), finite
%   X            m x input_layer_size, one example a row, finite; m may be 0
%
%   Example
%      pred = predict(Theta1, Theta2, X);
%      accuracy = mean(pred == y(:)) * 100;
%
%   Source: "Neural Networks: Representation", multiclass classification;
%   programming exercise 4.
%
%   See also nnCostFunction, sigmoid.

% Check
if nargin ~= 3
    error('predict:nargin', 'predict: expected 3 arguments, Theta1, Theta2 and X, got %d', nargin);
end
if ~isfloat(Theta1) || ~isreal(Theta1)
    error('predict:Theta1', 'predict: Theta1 must be real and of class double or single, got class %s', class(Theta1));
end
if ~isfloat(Theta2) || ~isreal(Theta2)
    error('predict:Theta2', 'predict: Theta2 must be real and of class double or single, got class %s', class(Theta2));
end
if ~isfloat(X) || ~isreal(X)
    error('predict:X', 'predict: X must be real and of class double or single, got class %s', class(X));
end
if ndims(Theta1) ~= 2 || size(Theta1, 1) < 1 || size(Theta1, 2) < 2
    error('predict:Theta1', 'predict: Theta1 must be a matrix with at least 1 row and 2 columns, got %d x %d', size(Theta1, 1), size(Theta1, 2));
end
if ndims(Theta2) ~= 2 || size(Theta2, 1) < 1 || size(Theta2, 2) ~= size(Theta1, 1) + 1
    error('predict:Theta2', 'predict: Theta2 must be a matrix with at least 1 row and, for the %d rows of Theta1, %d columns, got %d x %d', ...
        size(Theta1, 1), size(Theta1, 1) + 1, size(Theta2, 1), size(Theta2, 2));
end
if ndims(X) ~= 2 || size(X, 2) ~= size(Theta1, 2) - 1
    error('predict:X', 'predict: X must be a matrix with, for the %d columns of Theta1, %d columns, got %d x %d', ...
        size(Theta1, 2), size(Theta1, 2) - 1, size(X, 1), size(X, 2));
end
if any(~isfinite(Theta1(:)))
    error('predict:Theta1', 'predict: Theta1 must be finite, found %d NaN or Inf', sum(~isfinite(Theta1(:))));
end
if any(~isfinite(Theta2(:)))
    error('predict:Theta2', 'predict: Theta2 must be finite, found %d NaN or Inf', sum(~isfinite(Theta2(:))));
end
if any(~isfinite(X(:)))
    error('predict:X', 'predict: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end

% Sizes
m = size(X, 1);

% Forward
h1 = sigmoid([ones(m, 1) X] * Theta1');
h2 = sigmoid([ones(m, 1) h1] * Theta2');

% Largest output, where a NaN is none
[~, p] = max(h2, [], 2);

end

%!shared Theta1, Theta2, X
%! Theta1 = debugInitializeWeights (5, 3);
%! Theta2 = debugInitializeWeights (3, 5);
%! X = debugInitializeWeights (4, 2);
%!test <the largest output, row by row>
%! p = predict (Theta1, Theta2, 30 * X);
%! for i = 1:4
%!   h = sigmoid (Theta2 * [1; sigmoid(Theta1 * [1; 30 * X(i,:)'])]);
%!   assert (h(p(i)), max (h));
%! end
%!test <a network that says what its one input is nearest to>
%! assert (predict ([-5 10; 5 -10], [0 -10 10; 0 10 -10], [0; 0.1; 0.9; 1]), [1; 1; 2; 2]);
%!assert (predict (zeros (5, 4), zeros (3, 6), X), ones (4, 1))
%!assert (predict (zeros (5, 4), [-1; 2; 2] * ones (1, 6), X), 2 * ones (4, 1))
%!assert (predict (Theta1, Theta2, X(2,:)), predict (Theta1, Theta2, X)(2))
%!assert (predict (Theta1, Theta2, zeros (0, 3)), zeros (0, 1))
%!assert (predict (Theta1, Theta2(1,:), X), ones (4, 1))
%!assert (predict (1e308 * ones (5, 4), Theta2, [10 10 10]), predict ([1000 0 0 0] .* ones (5, 1), Theta2, [0 0 0]))
%!assert (class (predict (single (Theta1), Theta2, X)), 'double')
%!error <expected 3 arguments, Theta1, Theta2 and X, got 2> predict (Theta1, Theta2)
%!error <Theta1 must be real .* got class char> predict ('a', Theta2, X)
%!error <Theta2 must be real .* got class logical> predict (Theta1, true (3, 6), X)
%!error <X must be real> predict (Theta1, Theta2, X + 1i)
%!error <Theta1 must be a matrix with at least 1 row and 2 columns, got 5 x 1> predict (Theta1(:,1), Theta2, X)
%!error <Theta1 must be a matrix .* got 0 x 0> predict ([], Theta2, X)
%!error id=predict:Theta1 predict (zeros (5, 4, 2), Theta2, X)
%!error <for the 5 rows of Theta1, 6 columns, got 3 x 5> predict (Theta1, Theta2(:,1:5), X)
%!error <Theta2 must be a matrix with at least 1 row .* got 0 x 6> predict (Theta1, zeros (0, 6), X)
%!error id=predict:Theta2 predict (Theta1, zeros (3, 6, 2), X)
%!error <for the 4 columns of Theta1, 3 columns, got 4 x 2> predict (Theta1, Theta2, X(:,1:2))
%!error id=predict:X predict (Theta1, Theta2, zeros (4, 3, 2))
%!error <Theta1 must be finite, found 20 NaN or Inf> predict (Theta1 / 0, Theta2, X)
%!error <Theta2 must be finite, found 18 NaN or Inf> predict (Theta1, Theta2 * NaN, X)
%!error <X must be finite, found 12 NaN or Inf> predict (Theta1, Theta2, X * Inf)
