% Build weights.mat: Theta1 and Theta2, the network that ex4 trains.
%
%    octave-cli data/build_weights.m
%
% It trains as octave/ex4.m does, with the same seed: 400 input units, 25
% hidden units, 10 labels, 50 iterations of fmincg with lambda = 1 on the
% digits of digits.mat. So ex4, which loads these weights in its first
% part, ends with them: bit for bit on the same machine with the same
% Octave, and within rounding elsewhere. A run gives the same file each
% time, byte for byte.
%
% Runs in MATLAB too, whose rand takes the seed in another way: the weights
% are then others.

here = fileparts(mfilename('fullpath'));
addpath(fullfile(here, '..', 'octave'));
load(fullfile(here, 'digits.mat'), 'X', 'y');

% Train
input_layer_size = 400;
hidden_layer_size = 25;
num_labels = 10;
lambda = 1;
rand('twister', 42);
initial_Theta1 = randInitializeWeights(input_layer_size, hidden_layer_size);
initial_Theta2 = randInitializeWeights(hidden_layer_size, num_labels);
initial_nn_params = [initial_Theta1(:); initial_Theta2(:)];
costFunction = @(p) nnCostFunction(p, input_layer_size, hidden_layer_size, num_labels, X, y, lambda);
nn_params = fmincg(costFunction, initial_nn_params, optimset('MaxIter', 50));
Theta1 = reshape(nn_params(1:hidden_layer_size * (input_layer_size + 1)), hidden_layer_size, input_layer_size + 1);
Theta2 = reshape(nn_params(hidden_layer_size * (input_layer_size + 1) + 1:end), num_labels, hidden_layer_size + 1);

% Save, with a line that names the origin in place of the date in the file's text header
file = fullfile(here, 'weights.mat');
save('-v7', file, 'Theta1', 'Theta2');
HEADER_SIZE = 116;
header = repmat(' ', 1, HEADER_SIZE);
origin = 'MATLAB 5.0 MAT-file, trained on digits.mat by data/build_weights.m';
header(1:numel(origin)) = origin;
fid = fopen(file, 'r+');
fwrite(fid, header, 'char');
fclose(fid);

pred = predict(Theta1, Theta2, X);
fprintf('weights.mat: Theta1 %d x %d, Theta2 %d x %d, training accuracy %.2f%%\n', size(Theta1), size(Theta2), mean(pred == y) * 100);
