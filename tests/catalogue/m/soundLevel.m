function L = soundLevel(p, p0)
% SOUNDLEVEL  Levels of pressures in decibels; silence is -Inf.
L = zeros(numel(p), 1);
for k = 1:numel(p)
  L(k) = 20 * log10(p(k) / p0);
end
end
