function T = heatBalance(T, q, dt)
% HEATBALANCE  Temperatures after a step of heating at a rate.
T = T + dt * q;
T = T - 0.01 * T .^ 2;
end
