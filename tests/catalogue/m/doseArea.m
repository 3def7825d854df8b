function [a, c] = doseArea(t, y)
% DOSEAREA  Area under a curve of concentrations, and its rise towards it.
a = trapz(t, y);
c = cumtrapz(t, y) / a;
end
