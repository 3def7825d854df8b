function [X, P, loglik] = kalmanTrack(z, dt, q, r)
% KALMANTRACK  Filter positions z by a model of constant velocity.
%   q is the intensity of the acceleration, r the variance of a position.
F = [1, dt; 0, 1];
H = [1, 0];
Q = q * [dt^3 / 3, dt^2 / 2; dt^2 / 2, dt];
x = [z(1); 0];
P = [r, 0; 0, 10 * r];
X = zeros(numel(z), 2);
X(1, :) = x';
loglik = 0;
for k = 2:numel(z)
  x = F * x;
  P = F * P * F' + Q;
  S = H * P * H' + r;
  K = P * H' / S;
  e = z(k) - H * x;
  x = x + K * e;
  P = (eye(2) - K * H) * P;
  X(k, :) = x';
  loglik = loglik - (log(2 * pi * S) + e ^ 2 / S) / 2;
end
end
