function [J, lut] = gammaCorrect(I, g, gain)
% GAMMACORRECT  Gamma correction of an 8-bit image by a table of its levels.
if nargin < 3
  gain = 1;
end
lut = zeros(256, 1, 'uint8');
for v = 0:255
  lut(v + 1) = uint8(255 * gain * (v / 255) ^ g);
end
J = I;
for k = 1:numel(I)
  J(k) = lut(double(I(k)) + 1);
end
end
