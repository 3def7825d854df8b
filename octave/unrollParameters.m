function nn_params = unrollParameters(Thetas)
%UNROLLPARAMETERS One column of all weights of a network.
%   nn_params = UNROLLPARAMETERS(Thetas) returns [Theta1(:); Theta2(:); ...]
%   for the cell Thetas = {Theta1, Theta2, ...} of real matrices: an
%   optimiser such as fmincg works on one vector. Gradients are unrolled in
%   the same way.
%
%   nn_params is of class double; where one of the matrices is of class
%   single, so is it.
%
%   Example
%      unrollParameters({[1 3; 2 4], [5 6]})'     % 1 2 3 4 5 6
%
%   Source: "Neural Networks: Learning", implementation note: unrolling
%   parameters.
%
%   See also reshapeParameters, multilayerCostFunction.

% Check
if nargin ~= 1
    error('unrollParameters:nargin', 'unrollParameters: expected 1 argument, Thetas');
end
if ~iscell(Thetas)
    error('unrollParameters:Thetas', 'unrollParameters: Thetas must be a cell of matrices, got class %s', class(Thetas));
end
if isempty(Thetas)
    error('unrollParameters:Thetas', 'unrollParameters: Thetas is empty; it needs at least one matrix');
end
for l = 1:numel(Thetas)
    if ~isfloat(Thetas{l}) || ~isreal(Thetas{l})
        error('unrollParameters:Thetas', 'unrollParameters: Thetas{%d} must be real and of class double or single, got class %s', l, class(Thetas{l}));
    end
    if ndims(Thetas{l}) ~= 2
        error('unrollParameters:Thetas', 'unrollParameters: Thetas{%d} must be a matrix, got %d dimensions', l, ndims(Thetas{l}));
    end
end

% Unroll
nn_params = zeros(0, 1);
for l = 1:numel(Thetas)
    nn_params = [nn_params; Thetas{l}(:)];
end

end

%!assert (unrollParameters ({[1 3; 2 4], [5 6]}), (1:6)')
%!assert (unrollParameters ({[1 3; 2 4]; [5 6]}), (1:6)')
%!assert (unrollParameters ({7}), 7)
%!assert (size (unrollParameters ({[], zeros(0, 3)})), [0 1])
%!assert (class (unrollParameters ({1, single(2), 3})), 'single')
%!test <there and back again>
%! Thetas = {sin(reshape (1:20, 5, 4)), cos(reshape (1:18, 3, 6)), [1 2 3 4]};
%! assert (reshapeParameters (unrollParameters (Thetas), [3 5 3 1]), Thetas);
%!error <expected 1 argument> unrollParameters ()
%!error <Thetas must be a cell of matrices, got class double> unrollParameters ([1 2])
%!error <Thetas is empty; it needs at least one matrix> unrollParameters ({})
%!error <Thetas\{2\} must be real .* got class cell> unrollParameters ({1, {2}})
%!error <Thetas\{1\} must be real .* got class double> unrollParameters ({1i, 2})
%!error <Thetas\{1\} must be real .* got class logical> unrollParameters ({true})
%!error <Thetas\{2\} must be a matrix, got 3 dimensions> unrollParameters ({1, ones(2, 2, 2)})
%!error id=unrollParameters:Thetas unrollParameters ('a')
