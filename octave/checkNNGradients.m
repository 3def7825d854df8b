function [diff, numgrad, grad] = checkNNGradients(lambda)
%CHECKNNGRADIENTS Compare backpropagation with a numerical gradient.
%   CHECKNNGRADIENTS(lambda) takes a small network (3 inputs, 5 hidden
%   units, 3 labels, 5 examples, all of them the same each time) and prints
%   two columns that should agree: the gradient by computeNumericalGradient
%   and the gradient by nnCostFunction. Below them stands how far they are
%   apart. lambda, the strength of the regularisation, is 0 when it is
%   missing or [].
%
%   [diff, numgrad, grad] = CHECKNNGRADIENTS(lambda) also returns
%   diff         norm(numgrad - grad) / norm(numgrad + grad), below 1e-9
%                where backpropagation is right
%   numgrad      38 x 1, the left column
%   grad         38 x 1, the right column
%
%   Example
%      diff = checkNNGradients(3);     % about 2e-11
%
%   Source: "Neural Networks: Learning", gradient checking; programming
%   exercise 4.
%
%   See also computeNumericalGradient, nnCostFunction,
%   debugInitializeWeights.

% Check
if nargin < 1 || isempty(lambda)
    lambda = 0;
end
if ~isnumeric(lambda) || ~isreal(lambda) || ~isscalar(lambda) || ~(lambda >= 0) || isinf(lambda)
    error('checkNNGradients:lambda', 'checkNNGradients: lambda must be a finite number >= 0');
end

% Sizes
input_layer_size = 3;
hidden_layer_size = 5;
num_labels = 3;
m = 5;

% Network and examples
Theta1 = debugInitializeWeights(hidden_layer_size, input_layer_size);
Theta2 = debugInitializeWeights(num_labels, hidden_layer_size);
X = debugInitializeWeights(m, input_layer_size - 1);
y = 1 + mod(1:m, num_labels)';

% Both gradients
nn_params = [Theta1(:); Theta2(:)];
costFunc = @(p) nnCostFunction(p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
[~, grad] = costFunc(nn_params);
numgrad = computeNumericalGradient(costFunc, nn_params);

% Compare
diff = norm(numgrad - grad) / norm(numgrad + grad);
fprintf('   numerical  backpropagation\n');
fprintf('%12.8f  %15.8f\n', [numgrad grad]');
fprintf('The two columns should agree: left by differences, right by nnCostFunction.\n');
fprintf('Relative difference: %g (below 1e-9 where backpropagation is right)\n', diff);

end

%!function [text, diff] = printed (varargin)
%!  text = evalc ('diff = checkNNGradients (varargin{:});');
%!endfunction
%!test <the gradients agree, with and without regularisation>
%! for lambda = [0 1 3]
%!   [~, diff] = printed (lambda);
%!   assert (diff < 1e-9);
%! end
%!test <lambda is 0 when it is missing or empty>
%! expected = printed (0);
%! assert (printed (), expected);
%! assert (printed ([]), expected);
%!test <the outputs>
%! [~] = evalc ('[diff, numgrad, grad] = checkNNGradients (1);');
%! assert ({size(numgrad), size(grad)}, {[38 1], [38 1]});
%! assert (norm (numgrad - grad) / norm (numgrad + grad), diff);
%!test <38 lines of two columns, and the relative difference>
%! text = printed (0);
%! assert (numel (strfind (text, "\n")), 41);
%! assert (numel (regexp (text, '(?m)^ +-?\d\.\d{8} +-?\d\.\d{8}$')), 38);
%! assert (! isempty (regexp (text, 'Relative difference: \d\.\d+e-1\d ')));
%!error <lambda must be a finite number .= 0> checkNNGradients (-1)
%!error <lambda must be a finite number> checkNNGradients (NaN)
%!error <lambda must be a finite number> checkNNGradients (Inf)
%!error <lambda must be a finite number> checkNNGradients ([1 2])
%!error <lambda must be a finite number> checkNNGradients (1i)
%!error id=checkNNGradients:lambda checkNNGradients ('a')
