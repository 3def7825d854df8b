function [u, clipped] = pidResponse(err, dt, opts)
% PIDRESPONSE  Output of a discrete PID controller for a series of errors.
%   opts.kp, opts.ki, opts.kd are the gains and opts.limit the largest
%   output; each may be missing.
if isfield(opts, 'kp'), kp = opts.kp; else, kp = 1; end
if isfield(opts, 'ki'), ki = opts.ki; else, ki = 0.2; end
if isfield(opts, 'kd'), kd = opts.kd; else, kd = 0.05; end
if isfield(opts, 'limit'), lim = opts.limit; else, lim = 10; end
u = zeros(size(err));
clipped = 0;
acc = 0;
prev = err(1);
for k = 1:numel(err)
    acc = acc + err(k) * dt;
    v = kp * err(k) + ki * acc + kd * (err(k) - prev) / dt;
    if abs(v) > lim
        v = sign(v) * lim;
        clipped = clipped + 1;
    end
    u(k) = v;
    prev = err(k);
end
end
