function [X, fX, i] = fmincg(f, X, options, varargin)
%FMINCG Minimise a function of many variables by conjugate gradients.
%   [X, fX, i] = FMINCG(f, X, options, P1, P2, P3, P4, P5) starts at the
%   point X and goes downhill: the directions are conjugate gradients by
%   the formula of Polack and Ribiere, and along each of them a line search
%   by quadratic and cubic interpolation finds a point that meets the
%   Wolfe-Powell conditions. A line reports the cost of each iteration.
%
%   f            function handle, or name of a function: [J, grad] = f(X),
%                or f(X, P1, P2, ...) where P1, P2, ... are given, returns
%                the cost, a real number, and its gradient, one element for
%                each of X; where the cost is Inf, a line search steps back
%   X            where to start: finite, a column of one or more elements
%   options      struct whose field MaxIter is n or [n red] (default 100);
%                other fields are ignored; [] or none: defaults
%                n > 0: at most n line searches
%                n < 0: at most -n evaluations of f
%                red: by how much the first line search may lower f, about
%                (default 1)
%
%   X            the best point found, a column
%   fX           the cost after each line search that succeeded, a column
%   i            number of line searches (n > 0) or of evaluations (n < 0)
%
%   It stops early where two line searches in a row fail: at a minimum, or
%   where the gradient does not fit the cost.
%
%   Example
%      slope = @(x) deal((x - 3)' * (x - 3), 2 * (x - 3));
%      X = fmincg(slope, [0; 0], struct('MaxIter', 10));     % [3; 3]
%
%   Source: programming exercise 4 of "Neural Networks: Learning", which
%   trains with it. The method and its constants are those of C. E.
%   Rasmussen's minimize (1999-2002) in the course's variant; this is code
%   of our own that takes the same steps.
%
%   See also nnCostFunction, ex4, optimset.

% Check
if nargin < 2
    error('fmincg:nargin', 'fmincg: expected at least 2 arguments, f and X, got %d', nargin);
end
if ~isa(f, 'function_handle') && ~(ischar(f) && size(f, 1) == 1)
    error('fmincg:f', 'fmincg: f must be a function handle or the name of a function, got class %s', class(f));
end
if ischar(f) && ~any(exist(f) == [2 3 5 6 103])
    error('fmincg:f', 'fmincg: f must be the name of a function, and there is none called ''%s''', f);
end
if ~isfloat(X) || ~isreal(X)
    error('fmincg:X', 'fmincg: X must be real and of class double or single, got class %s', class(X));
end
if isempty(X)
    error('fmincg:X', 'fmincg: X is empty; it needs at least one element');
end
if numel(X) ~= max(size(X))
    error('fmincg:X', 'fmincg: X must be a column, got %d x %d; unroll it with X(:)', size(X, 1), numel(X) / size(X, 1));
end
if any(~isfinite(X(:)))
    error('fmincg:X', 'fmincg: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end
if nargin < 3 || isempty(options)
    options = struct();
end
if ~isstruct(options) || numel(options) ~= 1
    error('fmincg:options', 'fmincg: options must be [] or one struct, such as optimset(''MaxIter'', 50), got class %s', class(options));
end

% Options
MaxIter = 100;
if isfield(options, 'MaxIter') && ~isempty(options.MaxIter)
    MaxIter = options.MaxIter;
end
if ~isnumeric(MaxIter) || ~isreal(MaxIter) || numel(MaxIter) > 2
    error('fmincg:options', 'fmincg: options.MaxIter must be a number n or two numbers [n red]');
end
MaxIter = double(MaxIter);
n = MaxIter(1);
red = 1;
if numel(MaxIter) == 2
    red = MaxIter(2);
end
if n == 0 || n ~= round(n) || isinf(n)
    error('fmincg:options', 'fmincg: n in options.MaxIter must be a whole number, and not 0');
end
if ~(red > 0) || isinf(red)
    error('fmincg:options', 'fmincg: red in options.MaxIter must be a finite number > 0');
end

% Constants
RHO = 0.01;     % the cost must fall by at least this part of what the first slope promises
SIG = 0.5;      % the slope must flatten to at most this part of the first one
INT = 0.1;      % interpolate no closer than this part of the bracket to its ends
EXT = 3;        % extrapolate to at most this many times the step
MAX = 20;       % evaluations of f in a line search
RATIO = 100;    % largest ratio of the slopes of two line searches

% Start: 1 is the point where a line search starts, with cost f1, gradient df1 and slope d1
X = X(:);
i = 0;
ls_failed = false;
fX = [];
[f1, df1] = evaluate(f, X, varargin);
i = i + (n < 0);
s = -df1;
d1 = -s' * s;
z1 = red / (1 - d1);

while i < abs(n)
    i = i + (n > 0);

    % First step: 2 is the newest point, 3 the one before it, z3 away from 2
    X0 = X;
    f0 = f1;
    df0 = df1;
    X = X + z1 * s;
    [f2, df2] = evaluate(f, X, varargin);
    i = i + (n < 0);
    d2 = df2' * s;
    f3 = f1;
    d3 = d1;
    z3 = -z1;
    M = MAX;
    if n < 0
        M = min(MAX, -n - i);
    end
    success = false;
    limit = -1;

    % Line search
    while true

        % Interpolate while the step is too long
        while (f2 > f1 + z1 * RHO * d1 || d2 > -SIG * d1) && M > 0
            limit = z1;
            if f2 > f1
                z2 = z3 - (0.5 * d3 * z3 * z3) / (d3 * z3 + f2 - f3);
            else
                A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3);
                B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2);
                z2 = (sqrt(B * B - A * d2 * z3 * z3) - B) / A;
            end
            if isnan(z2) || isinf(z2)
                z2 = z3 / 2;
            end
            z2 = max(min(z2, INT * z3), (1 - INT) * z3);
            z1 = z1 + z2;
            X = X + z2 * s;
            [f2, df2] = evaluate(f, X, varargin);
            M = M - 1;
            i = i + (n < 0);
            d2 = df2' * s;
            z3 = z3 - z2;
        end

        % Done?
        if f2 > f1 + z1 * RHO * d1 || d2 > -SIG * d1
            break;
        end
        if d2 > SIG * d1
            success = true;
            break;
        end
        if M == 0
            break;
        end

        % Extrapolate: the step is too short
        A = 6 * (f2 - f3) / z3 + 3 * (d2 + d3);
        B = 3 * (f3 - f2) - z3 * (d3 + 2 * d2);
        z2 = -d2 * z3 * z3 / (B + sqrt(B * B - A * d2 * z3 * z3));
        if ~isreal(z2) || isnan(z2) || isinf(z2) || z2 < 0
            if limit < -0.5
                z2 = z1 * (EXT - 1);
            else
                z2 = (limit - z1) / 2;
            end
        elseif limit > -0.5 && z2 + z1 > limit
            z2 = (limit - z1) / 2;
        elseif limit < -0.5 && z2 + z1 > z1 * EXT
            z2 = z1 * (EXT - 1);
        elseif z2 < -z3 * INT
            z2 = -z3 * INT;
        elseif limit > -0.5 && z2 < (limit - z1) * (1 - INT)
            z2 = (limit - z1) * (1 - INT);
        end
        f3 = f2;
        d3 = d2;
        z3 = -z2;
        z1 = z1 + z2;
        X = X + z2 * s;
        [f2, df2] = evaluate(f, X, varargin);
        M = M - 1;
        i = i + (n < 0);
        d2 = df2' * s;
    end

    % Next direction
    if success
        f1 = f2;
        fX = [fX; f1];
        fprintf('Iteration %4i | Cost: %4.6e\r', i, f1);
        s = (df2' * df2 - df1' * df2) / (df1' * df1) * s - df2;
        tmp = df1;
        df1 = df2;
        df2 = tmp;
        d2 = df1' * s;
        if d2 > 0
            s = -df1;
            d2 = -s' * s;
        end
        z1 = z1 * min(RATIO, d1 / (d2 - realmin));
        d1 = d2;
        ls_failed = false;
    else
        X = X0;
        f1 = f0;
        df1 = df0;
        if ls_failed || i > abs(n)
            break;
        end
        tmp = df1;
        df1 = df2;
        df2 = tmp;
        s = -df1;
        d1 = -s' * s;
        z1 = 1 / (1 - d1);
        ls_failed = true;
    end
end
fprintf('\n');

end

function [J, grad] = evaluate(f, X, P)
[J, grad] = feval(f, X, P{:});
if ~isfloat(J) || ~isreal(J)
    error('fmincg:f', 'fmincg: f must return a cost that is real and of class double or single, got class %s', class(J));
end
if numel(J) ~= 1
    error('fmincg:f', 'fmincg: f must return one number as the cost, got %d x %d', size(J, 1), size(J, 2));
end
if ~isfloat(grad) || ~isreal(grad)
    error('fmincg:f', 'fmincg: f must return a gradient that is real and of class double or single, got class %s', class(grad));
end
if numel(grad) ~= numel(X)
    error('fmincg:f', 'fmincg: f must return a gradient with the %d elements of X, got %d', numel(X), numel(grad));
end
grad = grad(:);
end

%!function [J, grad] = bowl (x)
%!  J = (x - 3)' * (x - 3);
%!  grad = 2 * (x - 3);
%!endfunction

%!function [J, grad] = banana (x, factor = 1)
%!  global fmincg_points
%!  fmincg_points(:,end+1) = x;
%!  bend = x(2) - x(1) ^ 2;
%!  J = 100 * bend ^ 2 + (1 - x(1)) ^ 2;
%!  grad = factor * [-400 * x(1) * bend - 2 * (1 - x(1)); 200 * bend];
%!endfunction

%!function [X, fX, i, points, text] = quietly (f, varargin)
%!  global fmincg_points
%!  fmincg_points = [];
%!  text = evalc ('[X, fX, i] = fmincg (f, varargin{:});');
%!  points = fmincg_points;
%!  clear -global fmincg_points
%!endfunction

%!test <the example: a bowl>
%! [X, fX, i] = quietly (@bowl, [0; 0], struct ('MaxIter', 10));
%! assert (X, [3; 3], 1e-12);
%! assert ([numel(fX), i], [8 10]);
%!test <a curved valley: the cost falls at each iteration>
%! [X, fX] = quietly (@banana, [-1.2; 1], struct ('MaxIter', 60));
%! assert (X, [1; 1], 1e-8);
%! assert (all (diff (fX) < 0));
%! assert (size (fX, 2), 1);
%! assert (fX(end), banana (X));
%!test <a negative n counts evaluations>
%! for n = [-1 -2 -3 -25]
%!   [~, ~, i, points] = quietly (@banana, [-1.2; 1], struct ('MaxIter', n));
%!   assert ([i, columns(points)], [-n, -n]);
%! end
%!test <red sets the first step: red / (1 + |gradient|^2)>
%! [~, ~, ~, points] = quietly (@banana, [-1.2; 1], struct ('MaxIter', [1 0.5]));
%! [~, grad] = banana ([-1.2; 1]);
%! assert (points(:,2), [-1.2; 1] - 0.5 / (1 + grad' * grad) * grad, -4 * eps);
%!test <100 line searches by default, whatever else options hold>
%! slow = @(x) deal (sum (logspace (0, 6, 50)' .* x .^ 2), 2 * logspace (0, 6, 50)' .* x);
%! start = ones (50, 1);
%! for options = {[], struct(), struct('TolX', 1), struct('MaxIter', []), optimset('MaxIter', 100)}
%!   [~, fX, i] = quietly (slow, start, options{1});
%!   assert ([numel(fX), i], [100 100]);
%! end
%! assert (nthargout (3, @quietly, slow, start), 100);
%!test <further arguments go to f, which may be a name>
%! f = @(x, a, b) deal (a * (x - b)' * (x - b), 2 * a * (x - b));
%! assert (quietly (f, [0; 0], struct ('MaxIter', 9), 2.5, [1; -1]), [1; -1], 1e-12);
%! p = sin (1:38)';
%! X = reshape (sin (1:15), 5, 3);
%! y = [1 2 3 1 2];
%! assert (quietly ('nnCostFunction', p, struct ('MaxIter', 3), 3, 5, 3, X, y, 1), ...
%!         quietly (@(p) nnCostFunction (p, 3, 5, 3, X, y, 1), p, struct ('MaxIter', 3)));
%!test <the start may be a row or one number, the gradient a row>
%! assert (quietly (@bowl, [0 9 1]), [3; 3; 3], 1e-12);
%! assert (quietly (@bowl, 7), 3, 1e-12);
%! assert (quietly (@(x) deal (sum (x .^ 2), 2 * x'), [1; 2]), [0; 0], 1e-12);
%!test <a wrong gradient: two failures, and back at the start>
%! [X, fX, i] = quietly (@(x) banana (x, -1), [-1.2; 1]);
%! assert (X, [-1.2; 1]);
%! assert (isempty (fX) && i == 2);
%!test <a start at the minimum, and no minimum>
%! [X, fX, i] = quietly (@bowl, [3; 3]);
%! assert ({X, fX, i}, {[3; 3], [], 2});
%! [X, fX, i] = quietly (@(x) deal (sum (x), [1; 1]), [1; 2]);
%! assert ({X, fX, i}, {[1; 2], [], 2});
%!test <an infinite cost is stepped back from>
%! walled = @(x) deal (x + 1 / (x > 0) - 1 - log (abs (x)), 1 - 1 / x);
%! assert (quietly (walled, 30, struct ('MaxIter', [20 1000])), 1, 1e-8);
%!test <NaN ends in the start>
%! [X, fX] = quietly (@(x) deal (NaN, [NaN; NaN]), [1; 2]);
%! assert (X, [1; 2]);
%! assert (isempty (fX));
%!test <a concave function has minima all the same>
%! hills = @(x) deal (sum (x .^ 4 / 4 - x .^ 2), x .^ 3 - 2 * x);
%! assert (abs (quietly (hills, [0.1; -0.2; 1.7])), sqrt ([2; 2; 2]), 1e-7);
%!test <single stays single>
%! [X, fX] = quietly (@bowl, single ([1; 2]), struct ('MaxIter', 3));
%! assert ({class(X), class(fX)}, {'single', 'single'});
%!test <each iteration is reported on the same line>
%! [~, fX, ~, ~, text] = quietly (@bowl, [0; 0], struct ('MaxIter', 1));
%! assert (text, sprintf ("Iteration    1 | Cost: %.6e\r\n", fX));
%!error id=fmincg:nargin fmincg (@bowl)
%!error <f must be a function handle or the name of a function, got class double> fmincg (5, 1)
%!error <f must be a function handle or the name of a function, got class char> fmincg ('', 1)
%!error <f must be the name of a function, and there is none called 'noSuch'> fmincg ('noSuch', 1)
%!error <X must be real .* got class char> fmincg (@bowl, 'a')
%!error <X must be real .* got class double> fmincg (@bowl, [1i; 2])
%!error <X is empty> fmincg (@bowl, [])
%!error <X must be a column, got 2 x 3; unroll it with X.:.> fmincg (@bowl, ones (2, 3))
%!error <X must be finite, found 2 NaN or Inf> fmincg (@bowl, [NaN 1 Inf])
%!error <options must be .* or one struct, .* got class double> fmincg (@bowl, 1, 50)
%!error <options must be .* or one struct, .* got class struct> fmincg (@bowl, 1, struct ('MaxIter', {1, 2}))
%!error <MaxIter must be a number n or two numbers> fmincg (@bowl, 1, struct ('MaxIter', 'ten'))
%!error <MaxIter must be a number n or two numbers> fmincg (@bowl, 1, struct ('MaxIter', 1i))
%!error <MaxIter must be a number n or two numbers> fmincg (@bowl, 1, struct ('MaxIter', [1 2 3]))
%!error <n in options.MaxIter must be a whole number> fmincg (@bowl, 1, struct ('MaxIter', 0))
%!error <n in options.MaxIter must be a whole number> fmincg (@bowl, 1, struct ('MaxIter', 1.5))
%!error <n in options.MaxIter must be a whole number> fmincg (@bowl, 1, struct ('MaxIter', NaN))
%!error <n in options.MaxIter must be a whole number> fmincg (@bowl, 1, struct ('MaxIter', -Inf))
%!error <red in options.MaxIter must be a finite number> fmincg (@bowl, 1, struct ('MaxIter', [1 0]))
%!error <red in options.MaxIter must be a finite number> fmincg (@bowl, 1, struct ('MaxIter', [1 Inf]))
%!error <red in options.MaxIter must be a finite number> fmincg (@bowl, 1, struct ('MaxIter', [1 NaN]))
%!error <a cost that is real .* got class double> fmincg (@(x) deal (1i, x), 1)
%!error <a cost that is real .* got class logical> fmincg (@(x) deal (true, x), 1)
%!error <f must return one number as the cost, got 1 x 2> fmincg (@(x) deal ([1 2], x), 1)
%!error <a gradient that is real .* got class char> fmincg (@(x) deal (1, 'a'), 1)
%!error <f must return a gradient with the 1 elements of X, got 2> fmincg (@(x) deal (1, [1 2]), 1)
