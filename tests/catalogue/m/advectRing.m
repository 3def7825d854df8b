function [u, mass, tv] = advectRing(u, speed, dx, dt, steps)
% ADVECTRING  Upwind transport of a tracer around a closed channel.
%   MASS is the tracer in the channel, TV its total variation at the end.
c = speed * dt / dx;
if abs(c) > 1
    error('advectRing: the time step is too long');
end
for k = 1:steps
    if c >= 0
        u = u - c * (u - circshift(u, 1));
    else
        u = u - c * (circshift(u, -1) - u);
    end
end
mass = sum(u) * dx;
tv = sum(abs(circshift(u, 1) - u));
end
