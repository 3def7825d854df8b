function r = seriesResistance(x)
% SERIESRESISTANCE  Resistance of resistors side by side; 0 with a bare wire.
s = 0;
for k = 1:numel(x)
  s = s + 1 / x(k);
end
r = 1 / s;
end
