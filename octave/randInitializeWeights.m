function W = randInitializeWeights(L_in, L_out)
%RANDINITIALIZEWEIGHTS Small random weights for one layer of a network.
%   W = RANDINITIALIZEWEIGHTS(L_in, L_out) returns the weights from L_in
%   units, and a bias unit, to L_out units: L_out x (1 + L_in), drawn
%   uniformly from (-0.12, 0.12). The first column belongs to the bias unit.
%
%   Weights that start equal stay equal, for all units of a layer then get
%   the same gradient; random ones break this symmetry. The bound 0.12 suits
%   the layers of the exercise; the course's rule for a layer of any size is
%   sqrt(6) / sqrt(L_in + L_out).
%
%   rand('twister', s) before it makes the weights the same each time.
%
%   Example
%      rand('twister', 42);
%      Theta1 = randInitializeWeights(400, 25);     % 25 x 401
%
%   Source: "Neural Networks: Learning", random initialisation; programming
%   exercise 4.
%
%   See also debugInitializeWeights, nnCostFunction, rand.

% Check
if nargin ~= 2
    error('randInitializeWeights:nargin', 'randInitializeWeights: expected 2 arguments, L_in and L_out, got %d', nargin);
end
if ~isPositiveWhole(L_in)
    error('randInitializeWeights:L_in', 'randInitializeWeights: L_in must be a whole number >= 1');
end
if ~isPositiveWhole(L_out)
    error('randInitializeWeights:L_out', 'randInitializeWeights: L_out must be a whole number >= 1');
end
L_in = double(L_in);
L_out = double(L_out);

% Draw
epsilon_init = 0.12;
W = rand(L_out, 1 + L_in) * 2 * epsilon_init - epsilon_init;

end

function ok = isPositiveWhole(n)
ok = isnumeric(n) && isreal(n) && isscalar(n) && n >= 1 && n == round(n) && ~isinf(n);
end

%!assert (size (randInitializeWeights (3, 5)), [5 4])
%!assert (size (randInitializeWeights (int8 (127), uint8 (1))), [1 128])
%!test <within the bound, and near both of its ends>
%! W = randInitializeWeights (400, 25);
%! assert (max (abs (W(:))) < 0.12);
%! assert (min (W(:)) < -0.119 && max (W(:)) > 0.119);
%!test <the numbers of rand, column by column>
%! rand ('twister', 42);  u = rand (12, 1);
%! rand ('twister', 42);  W = randInitializeWeights (3, 3);
%! assert (W(:), u * 0.24 - 0.12, eps);
%!test <other weights each time>
%! assert (any (any (randInitializeWeights (2, 2) ~= randInitializeWeights (2, 2))));
%!error <expected 2 arguments, L_in and L_out, got 1> randInitializeWeights (3)
%!error id=randInitializeWeights:L_in randInitializeWeights (0, 5)
%!error <L_in must be a whole number .= 1> randInitializeWeights (2.5, 5)
%!error <L_out must be a whole number .= 1> randInitializeWeights (3, [5 5])
%!error id=randInitializeWeights:L_out randInitializeWeights (3, Inf)
