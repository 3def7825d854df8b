function [psnr, mse, peak] = psnrImage(ref, img, peak)
% PSNRIMAGE  Peak signal-to-noise ratio in decibels of an image or a signal.
if nargin < 3
  if isa(ref, 'uint8'), peak = 255; else, peak = max(ref(:)); end
end
d = double(ref) - double(img);
mse = 0;
for k = 1:numel(d)
  mse = mse + d(k) ^ 2;
end
mse = mse / numel(d);
if mse == 0
  psnr = Inf;
else
  psnr = 10 * log10(peak ^ 2 / mse);
end
end
