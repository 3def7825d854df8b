function [d, m, s, txt] = toDms(angle)
% TODMS  Degrees, minutes and seconds of angles given in decimal degrees.
%   The sign is that of d; txt says the first angle in words.
n = numel(angle);
d = zeros(n, 1);
m = zeros(n, 1);
s = zeros(n, 1);
for k = 1:n
  d(k) = fix(angle(k));
  rest = abs(angle(k) - d(k)) * 60;
  m(k) = floor(rest);
  s(k) = (rest - m(k)) * 60;
end
txt = sprintf('%d deg %d min', d(1), m(1));
end
