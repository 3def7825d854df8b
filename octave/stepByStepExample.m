function [values, E_history] = stepByStepExample(num_rounds, rate, use_new)
%STEPBYSTEPEXAMPLE Backpropagation by hand on a network of 2, 2 and 2 units.
%   [values, E_history] = STEPBYSTEPEXAMPLE(num_rounds, rate, use_new) trains
%   the network below on its one example and returns every number on the way.
%
%      net_h1 = w1 i1 + w2 i2 + b1       net_o1 = w5 out_h1 + w6 out_h2 + b2
%      net_h2 = w3 i1 + w4 i2 + b1       net_o2 = w7 out_h1 + w8 out_h2 + b2
%
%   Each unit is logistic, out = sigmoid(net). The inputs are 0.05 and 0.10,
%   the targets t are 0.01 and 0.99, and the error is the sum of
%   (t - out)^2 / 2 over both outputs. w1, ..., w8 start at 0.15, 0.20, ...,
%   0.30 and 0.40, 0.45, ..., 0.55; b1 = 0.35 and b2 = 0.60 are not trained.
%
%   num_rounds   steps to take: a whole number >= 0, 1 when missing or []
%   rate         learning rate > 0, 0.5 when missing or []
%   use_new      true for a common mistake: w5, ..., w8 take their step before
%                the first layer's deltas are computed from them. Backpropagation
%                uses the old ones: false when missing or []
%
%   values       struct with the numbers of the last round: net_* and out_*
%                of the units; E_o1, E_o2 and their sum E; delta_*, the
%                derivative of E by net_*; dE_dw1, ..., dE_dw8; and w1, ...,
%                w8 after the step. All but these eight belong to the weights
%                before it. For 0 rounds: the same, with a step of size 0.
%   E_history    E after 0, 1, ..., num_rounds rounds, a column
%
%   The published text gives 0.291027924 for E after one round, beside new
%   weights that make it 0.291027774. The former is the error that use_new
%   leads to; the weights that the text gives are those without it.
%
%   Example
%      [values, E_history] = stepByStepExample();
%      values.w5                       % 0.3589
%      E_history                       % 0.2984, 0.2910
%      [~, E_published] = stepByStepExample(1, 0.5, true);
%
%   Source: "Neural Networks: Learning", backpropagation step by step.
%
%   See also deltaRule, nnCostFunction, sigmoid.

% Check
if nargin < 1 || isempty(num_rounds)
    num_rounds = 1;
end
if nargin < 2 || isempty(rate)
    rate = 0.5;
end
if nargin < 3 || isempty(use_new)
    use_new = false;
end
if ~isnumeric(num_rounds) || ~isreal(num_rounds) || ~isscalar(num_rounds) || ~(num_rounds >= 0) || num_rounds ~= round(num_rounds) || isinf(num_rounds)
    error('stepByStepExample:num_rounds', 'stepByStepExample: num_rounds must be a whole number >= 0');
end
if ~isnumeric(rate) || ~isreal(rate) || ~isscalar(rate) || ~(rate > 0) || isinf(rate)
    error('stepByStepExample:rate', 'stepByStepExample: rate must be a finite number > 0');
end
if ~(islogical(use_new) || isnumeric(use_new)) || ~isscalar(use_new) || ~any(use_new == [0 1])
    error('stepByStepExample:use_new', 'stepByStepExample: use_new must be true or false');
end
num_rounds = double(num_rounds);
rate = double(rate);

% Train
w = [0.15 0.20 0.25 0.30 0.40 0.45 0.50 0.55];
E_history = zeros(num_rounds + 1, 1);
values = oneRound(w, 0, use_new);
for k = 1:num_rounds
    values = oneRound(w, rate, use_new);
    w = [values.w1 values.w2 values.w3 values.w4 values.w5 values.w6 values.w7 values.w8];
    E_history(k) = values.E;
end
after = oneRound(w, 0, use_new);
E_history(num_rounds + 1) = after.E;

end

function values = oneRound(w, rate, use_new)
% The example
i1 = 0.05;
i2 = 0.10;
t1 = 0.01;
t2 = 0.99;
b1 = 0.35;
b2 = 0.60;

% Forward
values.net_h1 = w(1) * i1 + w(2) * i2 + b1;
values.out_h1 = sigmoid(values.net_h1);
values.net_h2 = w(3) * i1 + w(4) * i2 + b1;
values.out_h2 = sigmoid(values.net_h2);
values.net_o1 = w(5) * values.out_h1 + w(6) * values.out_h2 + b2;
values.out_o1 = sigmoid(values.net_o1);
values.net_o2 = w(7) * values.out_h1 + w(8) * values.out_h2 + b2;
values.out_o2 = sigmoid(values.net_o2);

% Error
values.E_o1 = (t1 - values.out_o1) ^ 2 / 2;
values.E_o2 = (t2 - values.out_o2) ^ 2 / 2;
values.E = values.E_o1 + values.E_o2;

% Backward, output layer
values.delta_o1 = (values.out_o1 - t1) * values.out_o1 * (1 - values.out_o1);
values.delta_o2 = (values.out_o2 - t2) * values.out_o2 * (1 - values.out_o2);
values.dE_dw5 = values.delta_o1 * values.out_h1;
values.dE_dw6 = values.delta_o1 * values.out_h2;
values.dE_dw7 = values.delta_o2 * values.out_h1;
values.dE_dw8 = values.delta_o2 * values.out_h2;

% Step, output layer
values.w5 = w(5) - rate * values.dE_dw5;
values.w6 = w(6) - rate * values.dE_dw6;
values.w7 = w(7) - rate * values.dE_dw7;
values.w8 = w(8) - rate * values.dE_dw8;

% Backward, hidden layer: with the weights before that step
v = w(5:8);
if use_new
    v = [values.w5 values.w6 values.w7 values.w8];
end
values.delta_h1 = (values.delta_o1 * v(1) + values.delta_o2 * v(3)) * values.out_h1 * (1 - values.out_h1);
values.delta_h2 = (values.delta_o1 * v(2) + values.delta_o2 * v(4)) * values.out_h2 * (1 - values.out_h2);
values.dE_dw1 = values.delta_h1 * i1;
values.dE_dw2 = values.delta_h1 * i2;
values.dE_dw3 = values.delta_h2 * i1;
values.dE_dw4 = values.delta_h2 * i2;

% Step, hidden layer
values.w1 = w(1) - rate * values.dE_dw1;
values.w2 = w(2) - rate * values.dE_dw2;
values.w3 = w(3) - rate * values.dE_dw3;
values.w4 = w(4) - rate * values.dE_dw4;
end

%!test <the published values: half a unit of their last digit away at most>
%! v = stepByStepExample ();
%! assert (v.out_h1, 0.593269992, 0.5e-9);
%! assert (v.out_o1, 0.75136507, 0.5e-8);
%! assert (v.out_o2, 0.772928465, 0.5e-9);
%! assert (v.E, 0.298371109, 0.5e-9);
%! assert ([v.w1 v.w6 v.w7 v.w8], [0.149780716 0.408666186 0.511301270 0.561370121], 0.5e-9);
%! assert ([v.w2 v.w3 v.w4 v.w5], [0.19956143 0.24975114 0.29950229 0.35891648], 0.5e-8);
%!test <the error before and after the step>
%! [~, E_history] = stepByStepExample (1, 0.5);
%! assert (E_history, [0.298371109; 0.291027774], 0.5e-9);
%!test <the published second error: a step of the first layer that uses the new w5, ..., w8>
%! [~, E_history] = stepByStepExample (1, 0.5, true);
%! assert (E_history, [0.298371109; 0.291027924], 0.5e-9);
%! v = stepByStepExample ();
%! h1 = (v.delta_o1 * v.w5 + v.delta_o2 * v.w7) * v.out_h1 * (1 - v.out_h1);
%! h2 = (v.delta_o1 * v.w6 + v.delta_o2 * v.w8) * v.out_h2 * (1 - v.out_h2);
%! W1 = [.15 .2 .35; .25 .3 .35];
%! W1(:,1:2) -= 0.5 * [h1; h2] * [.05 .1];
%! out = sigmoid ([v.w5 v.w6 .6; v.w7 v.w8 .6] * [sigmoid(W1 * [.05; .1; 1]); 1]);
%! assert (sumsq ([.01; .99] - out) / 2, E_history(2), 4 * eps);
%!test <the error goes down all the way>
%! [v, E_history] = stepByStepExample (10000);
%! assert (size (E_history), [10001 1]);
%! assert (all (diff (E_history) < 0));
%! assert ([v.out_o1 v.out_o2], [0.0159 0.9841], 0.5e-4);
%!test <a round goes on from where the one before it ended>
%! [v1, E1] = stepByStepExample (6, 0.1);
%! [v2, E2] = stepByStepExample (7, 0.1);
%! assert (E2(1:7), E1);
%! assert (v2.E, E1(7));
%! assert (v2.w1, v1.w1 - 0.1 * v2.dE_dw1);
%!test <no rounds: the same numbers, and no step>
%! [v0, E0] = stepByStepExample (0);
%! v1 = stepByStepExample (1);
%! assert ([v0.w1 v0.w4 v0.w5 v0.w8], [.15 .3 .4 .55]);
%! assert ({v0.dE_dw1, v0.delta_h2, E0}, {v1.dE_dw1, v1.delta_h2, v1.E});
%!assert (stepByStepExample ([], [], []), stepByStepExample (1, 0.5, false))
%!assert (stepByStepExample (7, 0.5, uint8 (1)), stepByStepExample (7, 0.5, true))
%!test <integer classes do not saturate or round>
%! [v, E_history] = stepByStepExample (uint8 (255), int8 (1));
%! assert (numel (E_history), 256);
%! assert (v, stepByStepExample (255, 1));
%!error <num_rounds must be a whole number .= 0> stepByStepExample (-1)
%!error <num_rounds must be a whole number> stepByStepExample (1.5)
%!error <num_rounds must be a whole number> stepByStepExample (NaN)
%!error <num_rounds must be a whole number> stepByStepExample (Inf)
%!error <num_rounds must be a whole number> stepByStepExample ([1 2])
%!error id=stepByStepExample:num_rounds stepByStepExample ('1')
%!error <rate must be a finite number . 0> stepByStepExample (1, -0.5)
%!error <rate must be a finite number> stepByStepExample (1, 0)
%!error <rate must be a finite number> stepByStepExample (1, NaN)
%!error <rate must be a finite number> stepByStepExample (1, Inf)
%!error <rate must be a finite number> stepByStepExample (1, 1i)
%!error id=stepByStepExample:rate stepByStepExample (1, true)
%!error <use_new must be true or false> stepByStepExample (1, 0.5, 2)
%!error <use_new must be true or false> stepByStepExample (1, 0.5, NaN)
%!error <use_new must be true or false> stepByStepExample (1, 0.5, [true false])
%!error id=stepByStepExample:use_new stepByStepExample (1, 0.5, 'new')
