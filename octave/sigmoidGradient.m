function g = sigmoidGradient(z)
%SIGMOIDGRADIENT Slope of the logistic function at every element of Z.
%   g = SIGMOIDGRADIENT(z) returns sigmoid(z) .* (1 - sigmoid(z)), in the
%   shape of z; it lies in [0, 1/4] and is largest at z = 0.
%
%   Example
%      sigmoidGradient([-1 0 1])     % 0.1966  0.2500  0.1966
%
%   Source: "Neural Networks: Learning", backpropagation algorithm;
%   programming exercise 4.
%
%   See also sigmoid, nnCostFunction.

% Check
if nargin ~= 1
    error('sigmoidGradient:nargin', 'sigmoidGradient: expected 1 argument, z');
end
if ~isfloat(z) || ~isreal(z)
    error('sigmoidGradient:z', 'sigmoidGradient: z must be real and of class double or single, got class %s', class(z));
end

% Compute
g = sigmoid(z) .* (1 - sigmoid(z));

end

%!assert (sigmoidGradient (0), 0.25)
%!assert (sigmoidGradient ([-Inf Inf]), [0 0])
%!assert (sigmoidGradient (NaN), NaN)
%!assert (size (sigmoidGradient (zeros (0, 3))), [0 3])
%!assert (class (sigmoidGradient (single (1))), 'single')
%!test <the slope of sigmoid, by a difference quotient>
%! z = linspace (-5, 5, 101);
%! assert (sigmoidGradient (z), (sigmoid (z + 1e-5) - sigmoid (z - 1e-5)) / 2e-5, 1e-10);
%!error <expected 1 argument> sigmoidGradient ()
%!error <class double or single, got class logical> sigmoidGradient (true)
%!error id=sigmoidGradient:z sigmoidGradient ('a')
