function [total, power, arm] = coilTorque(M, B, omega)
% COILTORQUE  Torque of three magnetic coils on a satellite.
%   The columns of M are the moments of the coils, those of B the field at
%   each of them; POWER is the work per second at the rotation OMEGA.
T = cross(M, B);
total = sum(T, 2);
power = omega' * total;
arm = zeros(1, size(M, 2));
for k = 1:size(M, 2)
    strength = norm(M(:, k)) * norm(B(:, k));
    if strength > 0
        arm(k) = norm(T(:, k)) / strength;
    end
end
end
