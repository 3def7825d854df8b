function [nn_params, J_history, accuracy] = trainNeuralNetwork(X, y, layer_sizes, options)
%TRAINNEURALNETWORK Train a network from random weights: putting it together.
%   [nn_params, J_history, accuracy] = TRAINNEURALNETWORK(X, y, ...
%                                          layer_sizes, options)
%   draws random weights, checks the gradient once, on a small network with
%   as many layers, and then trains without the check, which is slow: in
%   rounds, each of them some iterations of fmincg from where the last round
%   ended. Each round ends with a line of its cost and accuracy.
%
%   X            m x s1, one example a row, finite
%   y            m labels: 0 or 1 where sL is 1, from 1 to sL otherwise
%   layer_sizes  [s1 ... sL], units of each layer without the bias units;
%                sL is 1 for two classes, or 3 or more, one for each class
%   options      struct; fields that are missing or [] have their defaults:
%      lambda         strength of the regularisation, >= 0 (1)
%      rounds         rounds in all, >= 1 (10)
%      iterations     of fmincg in each round, >= 1 (20)
%      seed           of the random weights, from 0 to 2^32 - 1 (42)
%      file           MAT-file to save to and to go on from (none)
%      checkGradient  whether to check the gradient first (true)
%      stopBelow      stop after a round in which the cost fell by no more
%                     than this, >= 0 (0)
%      stop           handle: stop after a round if stop(round, J) is true,
%                     with J the cost after it (none)
%
%   nn_params    [Theta1(:); Theta2(:); ...], the trained weights, unrolled,
%                of the class of X, double or single
%   J_history    the cost after each iteration, a column
%   accuracy     percentage of the examples in X whose label it gets right
%
%   With options.file, each round ends with a save. The same call, after the
%   run was stopped at any moment, goes on after the last round that is
%   saved, and ends in the same numbers, to the bit, as if it had not been
%   stopped. More rounds may be asked for, and another stopBelow or stop.
%   What else differs from the call that wrote the file is refused. Files of
%   trainNeuralNetwork in Python are read too, and read there.
%
%   It seeds rand. An error of more than 1e-9 in the gradient check ends the
%   training: a right gradient stays below 1e-10 in networks of 2 to 8
%   layers, and the limit is that of the lecture.
%
%   Example
%      load('data/digits.mat');
%      nn_params = trainNeuralNetwork(X, y, [400 25 10]);
%      test = load('data/digits_test.mat');
%      pred = multilayerPredict(nn_params, [400 25 10], test.X);
%      accuracy = mean(pred == test.y) * 100               % 95
%
%   Source: "Neural Networks: Learning", putting it together.
%
%   See also randInitializeWeights, gradientChecking, fmincg,
%   multilayerCostFunction, multilayerPredict.

% Check
if nargin < 3
    error('trainNeuralNetwork:nargin', 'trainNeuralNetwork: expected at least 3 arguments, X, y and layer_sizes, got %d', nargin);
end
if ~isLayerSizes(layer_sizes)
    error('trainNeuralNetwork:layer_sizes', 'trainNeuralNetwork: layer_sizes must be a vector of two or more whole numbers >= 1');
end
if nargin < 4 || isempty(options)
    options = struct();
end
options = completed(options);

% Sizes
layer_sizes = double(layer_sizes(:)');
L = numel(layer_sizes);

% Initialise: the cost at the random weights checks X and y
rand('twister', options.seed);
Thetas = cell(1, L - 1);
for l = 1:L - 1
    Thetas{l} = randInitializeWeights(layer_sizes(l), layer_sizes(l + 1));
end
nn_params = unrollParameters(Thetas);
if isa(X, 'single')
    nn_params = single(nn_params);
end
costFunction = @(p) multilayerCostFunction(p, layer_sizes, X, y, options.lambda);
J_rounds = costFunction(nn_params);
J_history = zeros(0, 1);

% Check the gradient, once
if options.checkGradient
    checkGradient(L, layer_sizes(L));
end

% Resume
settings = struct('layer_sizes', layer_sizes, 'lambda', options.lambda, 'iterations', options.iterations, ...
    'seed', options.seed, 'X_checksum', [size(X) checksum(X)], 'y_checksum', checksum(double(y)));
if ~isempty(options.file)
    if isfile(options.file)
        [nn_params, J_history, J_rounds] = loadState(options.file, settings, options.rounds);
    else
        saveState(options.file, settings, nn_params, J_history, J_rounds);
    end
    fprintf('Each round is saved to %s; the same call goes on from there\n', options.file);
end

% Train
trained = numel(J_rounds) - 1;
accuracy = report(trained, J_rounds, options.rounds, nn_params, layer_sizes, X, y);
while trained < options.rounds && ~isEnough(trained, J_rounds, options)
    [nn_params, fX] = fmincg(costFunction, nn_params, struct('MaxIter', options.iterations));
    J_history = [J_history; fX];
    J_rounds = [J_rounds; costFunction(nn_params)];
    trained = trained + 1;
    if ~isempty(options.file)
        saveState(options.file, settings, nn_params, J_history, J_rounds);
    end
    accuracy = report(trained, J_rounds, options.rounds, nn_params, layer_sizes, X, y);
end

end

function options = completed(given)
% The options with their defaults, checked.
if ~isstruct(given) || numel(given) ~= 1
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options must be [] or one struct, such as struct(''rounds'', 5), got class %s', class(given));
end
options = struct('lambda', 1, 'rounds', 10, 'iterations', 20, 'seed', 42, 'file', '', ...
    'checkGradient', true, 'stopBelow', 0, 'stop', @(round, J) false);
names = fieldnames(given);
for k = 1:numel(names)
    if ~isfield(options, names{k})
        error('trainNeuralNetwork:options', 'trainNeuralNetwork: options has no field %s; it may have %s', names{k}, strjoin(fieldnames(options)', ', '));
    end
    if ~isempty(given.(names{k}))
        options.(names{k}) = given.(names{k});
    end
end
if ~isNumber(options.lambda) || ~(options.lambda >= 0) || isinf(options.lambda)
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.lambda must be a finite number >= 0');
end
if ~isNumber(options.rounds) || ~(options.rounds >= 1) || isinf(options.rounds) || options.rounds ~= round(options.rounds)
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.rounds must be a whole number >= 1');
end
if ~isNumber(options.iterations) || ~(options.iterations >= 1) || isinf(options.iterations) || options.iterations ~= round(options.iterations)
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.iterations must be a whole number >= 1');
end
if ~isNumber(options.seed) || ~(options.seed >= 0) || options.seed > 2^32 - 1 || options.seed ~= round(options.seed)
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.seed must be a whole number from 0 to 2^32 - 1');
end
if ~isempty(options.file) && (~ischar(options.file) || size(options.file, 1) ~= 1 || isempty(regexp(options.file, '.\.mat$', 'once')))
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.file must be the name of a file that ends in .mat');
end
if ~(islogical(options.checkGradient) || isnumeric(options.checkGradient)) || ~isscalar(options.checkGradient) ...
        || ~any(options.checkGradient == [0 1])
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.checkGradient must be true or false');
end
if ~isNumber(options.stopBelow) || ~(options.stopBelow >= 0) || isinf(options.stopBelow)
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.stopBelow must be a finite number >= 0');
end
if ~isa(options.stop, 'function_handle')
    error('trainNeuralNetwork:options', 'trainNeuralNetwork: options.stop must be a function handle, got class %s', class(options.stop));
end
options.lambda = double(options.lambda);
options.rounds = double(options.rounds);
options.iterations = double(options.iterations);
options.seed = double(options.seed);
options.stopBelow = double(options.stopBelow);
end

function ok = isNumber(n)
ok = isnumeric(n) && isreal(n) && isscalar(n);
end

function ok = isLayerSizes(s)
ok = isnumeric(s) && isreal(s) && isvector(s) && numel(s) >= 2 && all(s >= 1) && all(s == round(s)) && all(~isinf(s));
end

function checkGradient(L, K)
% An error where backpropagation is wrong: 3 inputs, layers of 5 units, 1 or 3 outputs, lambda = 3.
if K == 1
    layer_sizes = [3 5 * ones(1, L - 2) 1];
    y = mod(1:5, 2)';
else
    layer_sizes = [3 5 * ones(1, L - 2) 3];
    y = 1 + mod(1:5, 3)';
end
X = debugInitializeWeights(5, 2);
Thetas = cell(1, L - 1);
for l = 1:L - 1
    Thetas{l} = debugInitializeWeights(layer_sizes(l + 1), layer_sizes(l));
end
costFunction = @(p) multilayerCostFunction(p, layer_sizes, X, y, 3);
[difference, worst] = gradientChecking(costFunction, unrollParameters(Thetas), layer_sizes);
if ~(difference < 1e-9)
    error('trainNeuralNetwork:gradient', ...
        'trainNeuralNetwork: the gradient is wrong, its relative difference is %.1e; worst is Theta%d, unit %d, input %d', ...
        difference, worst.layer, worst.unit, worst.input);
end
fprintf('The gradient is right; its check is off from here on\n');
end

function enough = isEnough(trained, J_rounds, options)
% Whether to stop before the rounds are done, which no network does that is not trained at all.
enough = false;
if trained > 0
    fall = J_rounds(end - 1) - J_rounds(end);
    if ~(fall > options.stopBelow)
        enough = true;
        fprintf('Stopped early: the last round lowered the cost by %.3g\n', fall);
    elseif options.stop(trained, J_rounds(end))
        enough = true;
        fprintf('Stopped early, as options.stop asked for\n');
    end
end
end

function accuracy = report(trained, J_rounds, rounds, nn_params, layer_sizes, X, y)
% Print a line of cost and accuracy.
pred = multilayerPredict(nn_params, layer_sizes, X);
accuracy = mean(double(pred == double(y(:)))) * 100;
fprintf('Round %2d of %d | Cost: %.6f | Accuracy: %.2f%%\n', trained, rounds, J_rounds(end), accuracy);
end

function c = checksum(A)
% A whole number from the bits of A and their order, the same in every language.
words = double(reshape(typecast(A(:), 'uint32'), [], 1));
c = sum(mod(words .* (1 + mod((1:numel(words))', 65520)), 65521));
end

function saveState(file, settings, nn_params, J_history, J_rounds)
% Into another file first: whatever happens, there is a whole one.
state = settings;
state.nn_params = nn_params;
state.J_history = J_history;
state.J_rounds = J_rounds;
part = [file(1:end - 4) '.part.mat'];
try
    save(part, '-struct', 'state', '-v6');
catch err
    error('trainNeuralNetwork:file', 'trainNeuralNetwork: %s cannot be written: %s', part, err.message);
end
if exist('OCTAVE_VERSION', 'builtin')
    rename(part, file);
else
    movefile(part, file, 'f');
end
end

function [nn_params, J_history, J_rounds] = loadState(file, settings, rounds)
% What saveState wrote, if it was in the same training.
try
    state = load(file, '-mat');
catch err
    error('trainNeuralNetwork:file', 'trainNeuralNetwork: %s cannot be read as a MAT-file: %s', file, err.message);
end
names = [fieldnames(settings)' {'nn_params', 'J_history', 'J_rounds'}];
for k = 1:numel(names)
    if ~isfield(state, names{k})
        error('trainNeuralNetwork:file', 'trainNeuralNetwork: %s holds no variable %s: it is no file of this function', file, names{k});
    end
end
names = fieldnames(settings);
for k = 1:numel(names)
    saved = double(state.(names{k})(:)');
    if ~isequal(saved, settings.(names{k}))
        error('trainNeuralNetwork:file', ...
            'trainNeuralNetwork: %s was trained with another %s, [%s] and not [%s]; name another file, or give what it was trained with', ...
            file, names{k}, strtrim(sprintf('%.17g ', saved)), strtrim(sprintf('%.17g ', settings.(names{k}))));
    end
end
if numel(state.J_rounds) > rounds + 1
    error('trainNeuralNetwork:file', 'trainNeuralNetwork: %s holds %d rounds, more than the %d of options.rounds', file, numel(state.J_rounds) - 1, rounds);
end
nn_params = state.nn_params(:);
J_history = state.J_history(:);
J_rounds = state.J_rounds(:);
end

%!function [nn_params, J_history, accuracy, text] = quietly (varargin)
%!  text = evalc ('[nn_params, J_history, accuracy] = trainNeuralNetwork (varargin{:});');
%!endfunction
%!function refused (file, pattern, varargin)
%!  message = '';
%!  try
%!    quietly (varargin{:});
%!  catch err
%!    assert (err.identifier, 'trainNeuralNetwork:file');
%!    message = err.message;
%!  end_try_catch
%!  assert (! isempty (strfind (message, [file ' ' pattern])), message);
%!endfunction

%!shared X, y, t, s, few, file
%! X = reshape (sin (1:60), 20, 3);
%! y = 1 + (X(:,1) > 0) + (X(:,1) > 0 & X(:,2) > 0);
%! t = double (X(:,1) > X(:,2));
%! s = [3 5 3];
%! few = struct ('rounds', 3, 'iterations', 5);
%! file = [tempname() '.mat'];
%!test <two rounds: fmincg twice, from the seed>
%! [nn_params, J_history, accuracy] = quietly (X, y, s, struct ('rounds', 2, 'iterations', 5));
%! rand ('twister', 42);
%! p = [randInitializeWeights(3, 5)(:); randInitializeWeights(5, 3)(:)];
%! f = @(p) nnCostFunction (p, 3, 5, 3, X, y, 1);
%! [~] = evalc ("[p, fX1] = fmincg (f, p, struct ('MaxIter', 5)); [p, fX2] = fmincg (f, p, struct ('MaxIter', 5));");
%! assert ({nn_params, J_history}, {p, [fX1; fX2]});
%! pred = predict (reshape (p(1:20), 5, 4), reshape (p(21:38), 3, 6), X);
%! assert (accuracy, 100 * sum (pred == y) / 20, 1e-12);
%!test <it learns: three classes, two classes, four layers, logistic regression>
%! options = struct ('lambda', 0, 'rounds', 5, 'seed', 1);
%! for sizes = {s, [3 5 4 3]}
%!   [~, ~, accuracy] = quietly (X, y, sizes{1}, options);
%!   assert (accuracy, 100);
%! end
%! for sizes = {[3 1], [3 5 1]}
%!   [~, ~, accuracy] = quietly (X, t, sizes{1}, options);
%!   assert (accuracy, 100);
%! end
%!test <what is printed>
%! [~, J_history, accuracy, text] = quietly (X, y, s, few);
%! lines = regexp (text, '(?m)^Round +\d+ of 3 \| Cost: \d\.\d{6} \| Accuracy: \d+\.\d\d%$', 'match');
%! assert (numel (lines), 4);
%! assert (lines{4}, sprintf ('Round  3 of 3 | Cost: %.6f | Accuracy: %.2f%%', J_history(end), accuracy));
%! assert (numel (strfind (text, 'The gradient is right; its check is off from here on')), 1);
%! assert (isempty (strfind (text, 'saved')));
%!test <without the check; an empty field is its default>
%! [p, ~, ~, text] = quietly (X, y, s, struct ('rounds', 1, 'checkGradient', false, 'lambda', [], 'file', ''));
%! assert (isempty (strfind (text, 'gradient')));
%! assert (quietly (X, y, s, struct ('rounds', uint8 (1), 'iterations', int8 (20), 'seed', single (42))), p);
%! [whole, J_history] = quietly (X, y, s);
%! assert (numel (J_history) > 60);
%! assert ({whole, J_history}, nthargout (1:2, @quietly, X, y, s', []));
%!test <y a row, uint8 or logical; X single>
%! assert (quietly (X, uint8 (y'), s, few), quietly (X, y, s, few));
%! assert (quietly (X, t > 0, [3 1], few), quietly (X, t, [3 1], few));
%! [p, J_history, accuracy] = quietly (single (X), y, s, few);
%! assert ({class(p), class(J_history), class(accuracy)}, {'single', 'single', 'double'});
%!test <it stops early>
%! [p2, J2] = quietly (X, y, s, struct ('rounds', 2, 'iterations', 5));
%! [p, J, ~, text] = quietly (X, y, s, struct ('rounds', 9, 'iterations', 5, 'stop', @(round, J) round == 2));
%! assert ({p, J}, {p2, J2});
%! assert (! isempty (strfind (text, 'Stopped early, as options.stop asked for')));
%! [p, J, ~, text] = quietly (X, y, s, struct ('rounds', 9, 'iterations', 5, 'stop', @(round, cost) cost < 2 * J2(end)));
%! assert (numel (J) < 45);
%! [p, J, ~, text] = quietly (X, y, s, struct ('rounds', 9, 'iterations', 5, 'stopBelow', 100));
%! assert (numel (J), 5);
%! assert (! isempty (strfind (text, 'Stopped early: the last round lowered the cost by ')));
%! [~, J] = quietly (X, y, s, struct ('rounds', 1000, 'lambda', 100));
%! assert (numel (J) < 1000);
%!test <a run that is stopped and resumed ends in the same bits>
%! unwind_protect
%!   [p, J, accuracy] = quietly (X, y, s, setfield (few, 'rounds', 6));
%!   saving = setfield (few, 'file', file);
%!   [~, ~, ~, text] = quietly (X, y, s, setfield (saving, 'stop', @(round, J) round == 2));
%!   assert (! isempty (strfind (text, ['Each round is saved to ' file])));
%!   assert (numel (load (file).J_rounds), 3);
%!   try
%!     quietly (X, y, s, setfield (saving, 'stop', @(round, J) error ('interrupted')));
%!   catch err
%!     assert (err.message, 'interrupted');
%!   end_try_catch
%!   quietly (X, y, s, saving);
%!   assert (numel (load (file).J_rounds), 4);
%!   [p2, J2, accuracy2, text] = quietly (X, y, s, setfield (saving, 'rounds', 6));
%!   assert ({p2, J2, accuracy2}, {p, J, accuracy});
%!   assert (numel (strfind (text, 'Round ')), 4);
%!   [p2, J2, accuracy2, text] = quietly (X, y, s, setfield (saving, 'rounds', 6));
%!   assert ({p2, J2, accuracy2}, {p, J, accuracy});
%!   assert (isempty (strfind (text, 'Iteration')));
%!   refused (file, 'holds 6 rounds, more than the 3 of options.rounds', X, y, s, saving);
%! unwind_protect_cleanup
%!   delete (file);
%! end_unwind_protect
%!test <a file of another training>
%! unwind_protect
%!   saving = setfield (few, 'file', file);
%!   quietly (X, y, s, saving);
%!   trained = 'was trained with another ';
%!   refused (file, [trained 'layer_sizes, [3 5 3] and not [3 4 3]'], X, y, [3 4 3], saving);
%!   refused (file, [trained 'lambda, [1] and not [0.5]'], X, y, s, setfield (saving, 'lambda', 0.5));
%!   refused (file, [trained 'iterations, [5] and not [6]'], X, y, s, setfield (saving, 'iterations', 6));
%!   refused (file, [trained 'seed, [42] and not [7]'], X, y, s, setfield (saving, 'seed', 7));
%!   refused (file, [trained 'X_checksum, [20 3 '], X + eps * (X == X(7)), y, s, saving);
%!   refused (file, [trained 'X_checksum, [20 3 '], X([2 1 3:20],:), y, s, saving);
%!   refused (file, [trained 'X_checksum, [20 3 '], single (X), y, s, saving);
%!   refused (file, [trained 'y_checksum, ['], X, [3; y(2:20)], s, saving);
%! unwind_protect_cleanup
%!   delete (file);
%! end_unwind_protect
%!test <no file of a training>
%! unwind_protect
%!   saving = setfield (few, 'file', file);
%!   save ('-v6', file, 'X');
%!   refused (file, 'holds no variable layer_sizes: it is no file of this function', X, y, s, saving);
%!   assert (load (file).X, X);
%!   fid = fopen (file, 'w');  fprintf (fid, 'no MAT-file');  fclose (fid);
%!   refused (file, 'cannot be read as a MAT-file: ', X, y, s, saving);
%! unwind_protect_cleanup
%!   delete (file);
%! end_unwind_protect
%!test <a folder that is not there>
%! refused (fullfile (tempname (), 'a.part.mat')(end-9:end), 'cannot be written: ', X, y, s, setfield (few, 'file', fullfile (tempname (), 'a.mat')));
%!test <a wrong gradient ends it>
%! place = tempname ();
%! mkdir (place);
%! confirm_recursive_rmdir (false, 'local');
%! unwind_protect
%!   text = fileread (which ('multilayerCostFunction'));
%!   fid = fopen (fullfile (place, 'multilayerCostFunction.m'), 'w');
%!   fprintf (fid, '%s', strrep (text, '.* sigmoidGradient(z{l})', '.* sigmoidGradient(a{l}(:, 2:end))'));
%!   fclose (fid);
%!   addpath (place);
%!   message = '';
%!   try
%!     quietly (X, y, s, few);
%!   catch err
%!     message = err.message;
%!   end_try_catch
%!   assert (! isempty (regexp (message, 'the gradient is wrong, its relative difference is \d\.\de-\d\d; worst is Theta1, unit \d, input \d')), message);
%!   assert (err.identifier, 'trainNeuralNetwork:gradient');
%!   quietly (X, y, s, setfield (few, 'checkGradient', false));
%! unwind_protect_cleanup
%!   rmpath (place);
%!   rmdir (place, 's');
%! end_unwind_protect
%!error <expected at least 3 arguments, X, y and layer_sizes, got 2> trainNeuralNetwork (X, y)
%!error <layer_sizes must be a vector of two or more> trainNeuralNetwork (X, y, 3)
%!error <layer_sizes must not end in 2> trainNeuralNetwork (X, y, [3 5 2])
%!error <X must be a matrix with layer_sizes\(1\) = 4 columns, got 3> trainNeuralNetwork (X, y, [4 5 3])
%!error <y must have one label> trainNeuralNetwork (X, y(2:end), s)
%!error <options must be \[\] or one struct.* got class double> trainNeuralNetwork (X, y, s, 5)
%!error <options must be \[\] or one struct> trainNeuralNetwork (X, y, s, [few few])
%!error <options has no field round; it may have lambda, rounds, iterations, seed, file, checkGradient, stopBelow, stop$> trainNeuralNetwork (X, y, s, struct ('round', 2))
%!error <options.lambda must be a finite number .= 0> trainNeuralNetwork (X, y, s, struct ('lambda', -1))
%!error <options.rounds must be a whole number .= 1> trainNeuralNetwork (X, y, s, struct ('rounds', 0))
%!error <options.iterations must be a whole number .= 1> trainNeuralNetwork (X, y, s, struct ('iterations', 2.5))
%!error <options.seed must be a whole number from 0 to 2\^32 - 1> trainNeuralNetwork (X, y, s, struct ('seed', 2 ^ 32))
%!error <options.file must be the name of a file that ends in .mat> trainNeuralNetwork (X, y, s, struct ('file', 'run.txt'))
%!error <options.file must be> trainNeuralNetwork (X, y, s, struct ('file', 5))
%!error <options.checkGradient must be true or false> trainNeuralNetwork (X, y, s, struct ('checkGradient', 2))
%!error <options.stopBelow must be a finite number .= 0> trainNeuralNetwork (X, y, s, struct ('stopBelow', Inf))
%!error <options.stop must be a function handle, got class logical> trainNeuralNetwork (X, y, s, struct ('stop', true))
