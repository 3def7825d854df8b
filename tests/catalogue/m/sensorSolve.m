function w = sensorSolve(C, s)
% SENSORSOLVE  Weights of sensors, by the pseudoinverse of their covariance.
Ci = pinv(C);
w = Ci * s;
w = w / sum(w);
end
