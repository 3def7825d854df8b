%EX4 Learn to read digits with a neural network: the exercise, step by step.
%   EX4 is a script. It loads 5,000 digits and shows 100 of them, computes the
%   cost of a network of 400 input units, 25 hidden units and 10 labels at
%   given weights, checks its gradient, trains it by 50 iterations of fmincg
%   from random weights, shows what the hidden units look for, and says how
%   many digits it reads right: of those it learned from, and of 1,000 others.
%
%   The given weights of data/weights.mat are those that the training ends
%   with (see data/build_weights.m): so the two costs with lambda = 1 agree,
%   in MATLAB, which draws other random weights, only roughly.
%
%   Between the steps it waits for the enter key where a person sits: at the
%   desktop of Octave or MATLAB, and at the prompt of an Octave in a terminal.
%   Started in another way (octave-cli ex4.m, --eval, oct2py, a pipe) it runs
%   from end to end. To have it otherwise, set interactive to true or false
%   first.
%
%   It leaves what it computed:
%      X, y, m                      the digits, their labels, how many
%      sel                          the rows of X that it showed
%      J, J_reg, debug_J            cost at the given weights, lambda = 0, 1, 3
%      g                            sigmoidGradient at -1, -0.5, 0, 0.5, 1
%      initial_Theta1, initial_Theta2, initial_nn_params   random weights
%      nn_params, Theta1, Theta2    trained weights
%      cost, J_trained              cost by iteration, and at the end
%      pred, accuracy               labels given to X, percentage that is right
%      test_pred, test_accuracy     the same for the 1,000 others
%      and the settings: seed, lambda, options and the sizes of the layers
%
%   Example
%      addpath('octave')
%      ex4
%
%   Source: "Neural Networks: Learning", programming exercise 4.
%
%   See also displayData, nnCostFunction, checkNNGradients, fmincg, predict.

% Set-up
seed = 42;
input_layer_size = 400;
hidden_layer_size = 25;
num_labels = 10;
if ~exist('nnCostFunction', 'file')
    addpath(fileparts(mfilename('fullpath')));
end
if ~exist('interactive', 'var')
    if exist('OCTAVE_VERSION', 'builtin')
        prompt = strncmp(program_name(), 'octave', 6) && isempty(intersect(argv(), {'--eval', '--interactive'}));
        interactive = isguirunning() || (prompt && system('test -t 0 && test -t 1') == 0);
    else
        interactive = usejava('desktop');
    end
end
if interactive
    next_step = @() input('Press enter to go on. ', 's');
else
    next_step = @() [];
end

% Files
folder = fullfile(fileparts(fileparts(mfilename('fullpath'))), 'data');
files = {'digits.mat', 'digits_test.mat', 'weights.mat'};
builders = {'python data/build_digits.py', 'python data/build_digits.py', 'octave-cli data/build_weights.m'};
for k = 1:3
    if ~exist(fullfile(folder, files{k}), 'file')
        error('ex4:data', 'ex4: %s is missing; build it with: %s', fullfile(folder, files{k}), builders{k});
    end
end
digits = load(fullfile(folder, files{1}), 'X', 'y');
digits_test = load(fullfile(folder, files{2}), 'X', 'y');
weights = load(fullfile(folder, files{3}), 'Theta1', 'Theta2');

% Data
rand('twister', seed);
X = digits.X;
y = digits.y;
m = size(X, 1);
fprintf('%d digits of %d pixels\n', m, size(X, 2));
sel = randperm(m, 100);
displayData(X(sel, :));
next_step();

% Cost at the given weights
Theta1 = weights.Theta1;
Theta2 = weights.Theta2;
nn_params = [Theta1(:); Theta2(:)];
lambda = 0;
J = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
fprintf('Cost at the given weights, lambda = %g: %.6f\n', lambda, J);
lambda = 1;
J_reg = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
fprintf('Cost at the given weights, lambda = %g: %.6f\n', lambda, J_reg);
next_step();

% Sigmoid gradient
g = sigmoidGradient([-1 -0.5 0 0.5 1]);
fprintf('Sigmoid gradient at -1, -0.5, 0, 0.5, 1:');
fprintf(' %.6f', g);
fprintf('\n');
next_step();

% Random weights, drawn after the seed whatever was drawn before
rand('twister', seed);
initial_Theta1 = randInitializeWeights(input_layer_size, hidden_layer_size);
initial_Theta2 = randInitializeWeights(hidden_layer_size, num_labels);
initial_nn_params = [initial_Theta1(:); initial_Theta2(:)];
fprintf('%d random weights from %.6f to %.6f\n', numel(initial_nn_params), min(initial_nn_params), max(initial_nn_params));

% Gradient check, without and with regularisation
checkNNGradients();
next_step();
lambda = 3;
checkNNGradients(lambda);
debug_J = nnCostFunction(nn_params, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
fprintf('Cost at the given weights, lambda = %g: %.6f\n', lambda, debug_J);
next_step();

% Train
options = optimset('MaxIter', 50);
lambda = 1;
costFunction = @(p) nnCostFunction(p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
[nn_params, cost] = fmincg(costFunction, initial_nn_params, options);
Theta1 = reshape(nn_params(1:hidden_layer_size * (input_layer_size + 1)), hidden_layer_size, input_layer_size + 1);
Theta2 = reshape(nn_params(hidden_layer_size * (input_layer_size + 1) + 1:end), num_labels, hidden_layer_size + 1);
J_trained = costFunction(nn_params);
fprintf('Cost after %d iterations, lambda = %g: %.6f\n', numel(cost), lambda, J_trained);
next_step();

% Hidden layer
displayData(Theta1(:, 2:end));
next_step();

% Accuracy
pred = predict(Theta1, Theta2, X);
accuracy = mean(double(pred == y)) * 100;
fprintf('Accuracy on the digits it learned from: %.2f%%\n', accuracy);
test_pred = predict(Theta1, Theta2, digits_test.X);
test_accuracy = mean(double(test_pred == digits_test.y)) * 100;
fprintf('Accuracy on other digits: %.2f%%\n', test_accuracy);

% Keep what the help text names
clear interactive prompt next_step folder files builders k digits digits_test weights costFunction

%!test <one run, from end to end>
%! interactive = false;
%! text = evalc ('ex4');
%! assert (accuracy >= 95 && accuracy < 100);
%! assert (test_accuracy >= 90 && test_accuracy <= accuracy);
%! assert (accuracy, 100 * sum (pred == y) / 5000, 1e-12);
%! assert ([m, size(X), size(y), size(pred), size(test_pred)], [5000, 5000, 400, 5000, 1, 5000, 1, 1000, 1]);
%! assert ([numel(sel), numel(unique (sel)), min(sel) >= 1, max(sel) <= m], [100 100 1 1]);
%! assert ({size(Theta1), size(Theta2), size(nn_params)}, {[25 401], [10 26], [10285 1]});
%! assert (nn_params, [Theta1(:); Theta2(:)]);
%! assert ({size(initial_Theta1), size(initial_Theta2)}, {[25 401], [10 26]});
%! assert (initial_nn_params, [initial_Theta1(:); initial_Theta2(:)]);
%! assert (max (abs (initial_nn_params)) < 0.12);
%! assert ({seed, lambda, options.MaxIter}, {42, 1, 50});
%! assert ([input_layer_size hidden_layer_size num_labels], [400 25 10]);
%! ## The penalty is linear in lambda.
%! assert (debug_J - J_reg, 2 * (J_reg - J), 1e-12);
%! assert (g, [0.196612 0.235004 0.25 0.235004 0.196612], 5e-7);
%! assert (size (cost), [50 1]);
%! assert (all (diff (cost) < 0));
%! assert (J_trained, cost(end));
%! left = {'seed', 'input_layer_size', 'hidden_layer_size', 'num_labels', 'X', 'y', 'm', 'sel', 'J', 'J_reg', ...
%!         'g', 'initial_Theta1', 'initial_Theta2', 'initial_nn_params', 'lambda', 'debug_J', 'options', ...
%!         'nn_params', 'Theta1', 'Theta2', 'cost', 'J_trained', 'pred', 'accuracy', 'test_pred', 'test_accuracy'};
%! assert (setdiff (who ()', {left{:}, 'left', 'text', 'ans'}), cell (1, 0));
%! for line = {'5000 digits of 400 pixels', sprintf('Cost at the given weights, lambda = 0: %.6f', J), ...
%!             sprintf('Cost at the given weights, lambda = 1: %.6f', J_reg), ...
%!             sprintf('Cost at the given weights, lambda = 3: %.6f', debug_J), ...
%!             'Sigmoid gradient at -1, -0.5, 0, 0.5, 1: 0.196612 0.235004 0.250000 0.235004 0.196612', ...
%!             sprintf('Iteration   50 | Cost: %.6e', cost(end)), ...
%!             sprintf('Cost after 50 iterations, lambda = 1: %.6f', cost(end)), ...
%!             sprintf('Accuracy on the digits it learned from: %.2f%%', accuracy), ...
%!             sprintf('Accuracy on other digits: %.2f%%', test_accuracy)}
%!   assert (sum (strcmp (strsplit (text, {"\r", "\n"}), line{1})), 1, line{1});
%! end
%! assert (numel (strfind (text, 'random weights from -0.1')), 1);
%! assert (numel (strfind (text, 'Relative difference')), 2);
%! assert (isempty (strfind (text, 'Press enter')));
%!test <a data file that is missing, and what builds it>
%! place = tempname ();
%! mkdir (fullfile (place, 'octave'));
%! mkdir (fullfile (place, 'data'));
%! confirm_recursive_rmdir (false, 'local');
%! unwind_protect
%!   copyfile (which ('ex4'), fullfile (place, 'octave'));
%!   digits_builder = 'python data/build_digits.py';
%!   for file = {'digits.mat', 'digits_test.mat', 'weights.mat'; ...
%!               digits_builder, digits_builder, 'octave-cli data/build_weights.m'}
%!     message = '';
%!     try
%!       source (fullfile (place, 'octave', 'ex4.m'));
%!     catch err
%!       message = err.message;
%!     end_try_catch
%!     assert (message, sprintf ('ex4: %s is missing; build it with: %s', fullfile (place, 'data', file{1}), file{2}));
%!     fclose (fopen (fullfile (place, 'data', file{1}), 'w'));
%!   end
%! unwind_protect_cleanup
%!   rmdir (place, 's');
%! end_unwind_protect
