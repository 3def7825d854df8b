function [label, share] = soilClasses(diameter, mass)
% SOILCLASSES  Class of each sieve fraction (1 clay ... 4 gravel) by its
%   grain diameter in millimetres, and the share of each class in the mass.
label = zeros(size(diameter));
share = zeros(1, 4);
for k = 1:numel(diameter)
    d = diameter(k);
    if d >= 2
        c = 4;
    elseif d >= 0.063
        c = 3;
    elseif d >= 0.002
        c = 2;
    else
        c = 1;
    end
    label(k) = c;
    share(c) = share(c) + mass(k);
end
share = share / sum(mass);
end
