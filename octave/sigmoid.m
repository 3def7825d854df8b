function g = sigmoid(z)
%SIGMOID Logistic function of every element of Z.
%   g = SIGMOID(z) returns 1 / (1 + e^-z) for each element of z, which may
%   have any shape: g has the shape of z and lies in [0, 1].
%
%   Example
%      sigmoid([-1 0 1])     % 0.2689  0.5000  0.7311
%
%   Source: "Neural Networks: Representation", logistic units.
%
%   See also sigmoidGradient.

% Check
if nargin ~= 1
    error('sigmoid:nargin', 'sigmoid: expected 1 argument, z');
end
if ~isfloat(z) || ~isreal(z)
    error('sigmoid:z', 'sigmoid: z must be real and of class double or single, got class %s', class(z));
end

% Compute
g = 1 ./ (1 + exp(-z));

end

%!assert (sigmoid (0), 0.5)
%!assert (sigmoid ([-Inf Inf]), [0 1])
%!assert (sigmoid (NaN), NaN)
%!assert (size (sigmoid (zeros (2, 0))), [2 0])
%!assert (class (sigmoid (single (1))), 'single')
%!test <symmetry: g(-z) = 1 - g(z)>
%! z = linspace (-20, 20, 401);
%! assert (sigmoid (-z), 1 - sigmoid (z), 2 * eps);
%!error <expected 1 argument> sigmoid ()
%!error <class double or single, got class char> sigmoid ('a')
%!error <must be real> sigmoid (1i)
%!error id=sigmoid:z sigmoid ({})
