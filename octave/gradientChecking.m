function [difference, worst, gradApprox] = gradientChecking(costFunction, nn_params, layer_sizes)
%GRADIENTCHECKING Compare a network's gradient with differences of its cost.
%   [difference, worst, gradApprox] = GRADIENTCHECKING(costFunction, ...
%                                         nn_params, layer_sizes)
%   prints two columns that should agree, with the name of each parameter:
%   gradApprox, by computeNumericalGradient, and DVec, the gradient that
%   costFunction returns. Of more than 10 parameters it prints the 10 whose
%   values are furthest apart, the worst first. It returns
%   difference   norm(gradApprox - DVec) / norm(gradApprox + DVec), below
%                1e-9 where the gradient is right
%   worst        struct that names the parameter whose two values are
%                furthest apart; NaN is further than any number:
%                   layer        weights lead from this layer to the next
%                   unit         unit of the next layer, from 1
%                   input        unit of this layer, from 1; 0 is the bias
%                   index        place in nn_params, from 1
%                   gradApprox   the two values
%                   DVec
%                It is Theta{layer}(unit, input + 1).
%   gradApprox   the left column, for all of nn_params
%
%   costFunction function handle; [J, grad] = costFunction(p) returns the
%                cost and its gradient, which has as many elements as p
%   nn_params    [Theta1(:); Theta2(:); ...], the unrolled weights;
%                costFunction gets them as a column of class double
%   layer_sizes  [s1 ... sL], units of each layer without the bias units
%
%   It evaluates the cost twice for each parameter. So switch it off once
%   the gradient is right, and check a small network: training with it would
%   take thousands of times as long.
%
%   Example
%      X = sin(reshape(1:15, 5, 3));
%      costFunction = @(p) multilayerCostFunction(p, [3 4 3], X, [1 2 3 1 2], 1);
%      difference = gradientChecking(costFunction, cos(1:31), [3 4 3]);
%
%   Source: "Neural Networks: Learning", gradient checking.
%
%   See also computeNumericalGradient, checkNNGradients, backpropagation,
%   multilayerCostFunction.

% Check
if nargin ~= 3
    error('gradientChecking:nargin', 'gradientChecking: expected 3 arguments, costFunction, nn_params and layer_sizes, got %d', nargin);
end
if ~isa(costFunction, 'function_handle')
    error('gradientChecking:costFunction', 'gradientChecking: costFunction must be a function handle, got class %s', class(costFunction));
end
Thetas = reshapeParameters(nn_params, layer_sizes);
nn_params = double(nn_params(:));

% Both gradients
[~, DVec] = costFunction(nn_params);
if ~isfloat(DVec) || ~isreal(DVec)
    error('gradientChecking:costFunction', 'gradientChecking: costFunction must return a gradient that is real and of class double or single, got class %s', class(DVec));
end
if numel(DVec) ~= numel(nn_params)
    error('gradientChecking:costFunction', 'gradientChecking: costFunction must return a gradient with one element for each of the %d parameters, got %d', ...
        numel(nn_params), numel(DVec));
end
DVec = double(DVec(:));
gradApprox = computeNumericalGradient(costFunction, nn_params);

% Compare
difference = norm(gradApprox - DVec) / norm(gradApprox + DVec);
[~, order] = sort(abs(gradApprox - DVec), 'descend');
worst = place(order(1), Thetas, gradApprox, DVec);

% Print
shown = min(10, numel(nn_params));
fprintf('  gradApprox             DVec  weight\n');
for k = 1:shown
    w = place(order(k), Thetas, gradApprox, DVec);
    fprintf('%12.8f  %15.8f  Theta%d: unit %d, input %d\n', w.gradApprox, w.DVec, w.layer, w.unit, w.input);
end
fprintf('The two columns should agree: left by differences, right by the cost function.\n');
fprintf('Shown are %d of %d weights, the furthest apart first; input 0 is the bias.\n', shown, numel(nn_params));
fprintf('Relative difference: %g (below 1e-9 where the gradient is right)\n', difference);

end

function found = place(index, Thetas, gradApprox, DVec)
l = 1;
number = index;
while number > numel(Thetas{l})
    number = number - numel(Thetas{l});
    l = l + 1;
end
rows = size(Thetas{l}, 1);
found.layer = l;
found.unit = 1 + mod(number - 1, rows);
found.input = floor((number - 1) / rows);
found.index = index;
found.gradApprox = gradApprox(index);
found.DVec = DVec(index);
end

%!function [text, difference, worst, gradApprox] = printed (varargin)
%!  text = evalc ('[difference, worst, gradApprox] = gradientChecking (varargin{:});');
%!endfunction
%!function [J, grad] = wrong (p, layer_sizes, X, y, index, error)
%!  [J, grad] = multilayerCostFunction (p, layer_sizes, X, y, 1);
%!  grad(index) = grad(index) + error;
%!endfunction
%!shared q, deep, X, t, f
%! q = cos (1:29)' / 2;
%! deep = [3 4 2 1];
%! X = reshape (sin (1:15), 5, 3);
%! t = [0 1 1 0 1]';
%! f = @(p) multilayerCostFunction (p, deep, X, t, 1);
%!test <a right gradient>
%! [~, difference, worst, gradApprox] = printed (f, q, deep);
%! assert (difference < 1e-9);
%! [~, grad] = f (q);
%! assert (gradApprox, grad, 1e-9);
%! assert (worst.gradApprox, worst.DVec, 1e-9);
%! assert (worst.DVec, grad(worst.index));
%!test <every parameter is named that is wrong>
%! for k = 1:29
%!   [~, difference, worst] = printed (@(p) wrong (p, deep, X, t, k, -0.01), q, deep);
%!   assert (difference > 1e-3);
%!   assert (worst.index, k);
%!   Thetas = reshapeParameters (1:29, deep);
%!   assert (Thetas{worst.layer}(worst.unit,worst.input+1), k);
%!   assert (worst.gradApprox - worst.DVec, 0.01, 1e-9);
%! end
%!test <what is printed>
%! text = printed (@(p) wrong (p, deep, X, t, 22, 1), q, deep);
%! lines = strsplit (text, "\n");
%! assert (numel (lines), 15);
%! assert (lines{1}, '  gradApprox             DVec  weight');
%! assert (numel (cell2mat (regexp (lines(2:11), '^ +-?\d\.\d{8} +-?\d\.\d{8}  Theta[123]: unit [1234], input [01234]$'))), 10);
%! assert (lines{2}(30:end), '  Theta2: unit 2, input 2');
%! assert (lines{13}, 'Shown are 10 of 29 weights, the furthest apart first; input 0 is the bias.');
%! assert (! isempty (regexp (lines{14}, '^Relative difference: 0\.\d+ \(below')));
%!test <fewer than ten parameters>
%! text = printed (@(p) multilayerCostFunction (p, [3 1], X, t, 0), q(1:4), [3 1]);
%! assert (! isempty (strfind (text, 'Shown are 4 of 4 weights')));
%!test <to the letter>
%! g = @(p) {p' * p / 2, p + [0; 0; 0.25; -1.5]}{:};
%! lines = strsplit (printed (g, [0.5 1 -2 3], [3 1]), "\n");
%! assert (lines(1:3), {'  gradApprox             DVec  weight', ...
%!                      '  3.00000000       1.50000000  Theta1: unit 1, input 3', ...
%!                      ' -2.00000000      -1.75000000  Theta1: unit 1, input 2'});
%! g = @(p) {p' * p / 2, [p(1) + 9; NaN; p(3:4) + 9]}{:};
%! lines = strsplit (printed (g, [0.5 1 -2 3], [3 1]), "\n");
%! assert (lines{2}, '  1.00000000              NaN  Theta1: unit 1, input 1');
%!test <a gradient that is NaN is further off than any other>
%! g = @(p) {sum(p .^ 2), [2 * p(1) + 9; NaN; 2 * p(3)]}{:};
%! [~, difference, worst] = printed (g, [1 2 3], [2 1]);
%! assert ({difference, worst.index, worst.DVec}, {NaN, 2, NaN});
%!test <the cost function gets a column of doubles>
%! [~, difference, ~, gradApprox] = printed (f, single (q'), uint8 (deep));
%! assert (difference < 1e-9);
%! assert ({size(gradApprox), class(gradApprox)}, {[29 1], 'double'});
%!error <expected 3 arguments, costFunction, nn_params and layer_sizes, got 2> gradientChecking (f, q)
%!error <costFunction must be a function handle, got class char> gradientChecking ('f', q, deep)
%!error <layer_sizes must be a vector> gradientChecking (f, q, 3)
%!error <nn_params must have 29 elements> gradientChecking (f, q(2:29), deep)
%!error <gradient that is real .* got class cell> gradientChecking (@(p) deal (1, {2}), q, deep)
%!error <gradient that is real .* got class double> gradientChecking (@(p) deal (1, 1i * p), q, deep)
%!error <one element for each of the 29 parameters, got 2> gradientChecking (@(p) deal (1, [1 2]), q, deep)
%!error <J must return one number, got 29> printed (@(p) {p, p}{:}, q, deep)
