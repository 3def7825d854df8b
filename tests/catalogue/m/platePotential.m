function [U, flux] = platePotential(F, hx, hy)
% PLATEPOTENTIAL  Potential of charges on a grounded plate.
%   F(i,j) is the charge at x = i*hx, y = j*hy; the potential is zero on the
%   border, which lies outside of F. FLUX is the total of -laplace(U).
[nx, ny] = size(F);
Dx = secondDiff(nx) / hx ^ 2;
Dy = secondDiff(ny) / hy ^ 2;
A = kron(eye(ny), Dx) + kron(Dy, eye(nx));
u = A \ F(:);
U = reshape(u, nx, ny);
flux = sum(A * u) * hx * hy;
end

function D = secondDiff(n)
D = 2 * eye(n);
for k = 1:n - 1
    D(k, k + 1) = -1;
    D(k + 1, k) = -1;
end
end
