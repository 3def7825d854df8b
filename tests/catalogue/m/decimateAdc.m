function [y, swing] = decimateAdc(x)
% DECIMATEADC  Halve the rate of a recording of int16 samples by averaging pairs.
%   A sample left over is dropped. swing is the range of the result.
n = floor(numel(x) / 2);
y = zeros(n, 1, 'int16');
for k = 1:n
  s = int32(x(2 * k - 1)) + int32(x(2 * k));
  y(k) = int16(s / int32(2));
end
swing = double(max(y)) - double(min(y));
end
