function [ad, offset] = allanDev(phase, tau0, m)
% ALLANDEV  Allan deviation of a clock for an averaging time of m * tau0.
%   phase holds the readings of a counter in seconds, tau0 apart, which come in
%   single precision. offset is the mean error of the rate.
x = double(phase(1:m:end));
y = diff(x) / (m * tau0);
acc = 0;
for i = 1:numel(y) - 1
  d = y(i + 1) - y(i);
  acc = acc + d ^ 2;
end
ad = sqrt(acc / (2 * (numel(y) - 1)));
offset = mean(y) - 1;
end
