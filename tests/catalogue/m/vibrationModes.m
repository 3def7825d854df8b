function [freq, modes, participation] = vibrationModes(masses, K)
% VIBRATIONMODES  Natural frequencies (Hz) and modes of a chain of masses.
%   The modes are scaled to a largest entry of 1; PARTICIPATION tells how
%   much mass each takes part with when the ground moves.
s = 1 ./ sqrt(masses(:));
A = (s * s') .* K;
A = (A + A') / 2;
[V, D] = eig(A);
freq = sqrt(diag(D)) / (2 * pi);
n = numel(masses);
modes = zeros(n);
participation = zeros(n, 1);
for k = 1:n
    phi = s .* V(:, k);
    [~, i] = max(abs(phi));
    phi = phi / phi(i);
    modes(:, k) = phi;
    participation(k) = (masses' * phi) ^ 2 / (masses' * phi .^ 2);
end
end
