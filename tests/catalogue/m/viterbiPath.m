function [path, score] = viterbiPath(obs, logA, logB, logpi)
% VITERBIPATH  Likeliest sequence of states of a hidden Markov model.
%   obs    symbols 1..M
%   logA   log probability of going from state i (row) to state j (column)
%   logB   log probability of symbol k (column) in state i (row)
T = numel(obs);
n = size(logA, 1);
delta = logpi(:) + logB(:, obs(1));
back = zeros(n, T);
for t = 2:T
  trial = delta + logA;
  [best, from] = max(trial);
  delta = best' + logB(:, obs(t));
  back(:, t) = from';
end
[score, s] = max(delta);
path = zeros(T, 1);
path(T) = s;
for t = T:-1:2
  path(t - 1) = back(path(t), t);
end
end
