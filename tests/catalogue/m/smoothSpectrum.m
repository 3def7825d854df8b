function [smooth, baseline, peak] = smoothSpectrum(counts, width)
% SMOOTHSPECTRUM  Triangular smoothing of a gamma spectrum.
%   The ends are corrected for the part of the kernel that lies outside.
%   PEAK is the channel of the largest smoothed count rate.
kernel = zeros(width, 1);
for k = 1:width
    kernel(k) = min(k, width + 1 - k);
end
kernel = kernel / sum(kernel);
weight = conv(ones(size(counts)), kernel, 'same');
smooth = conv(counts, kernel, 'same') ./ weight;
baseline = Inf(size(counts));
for k = 1:numel(counts)
    first = max(1, k - width);
    last = min(numel(counts), k + width);
    baseline(k) = min(smooth(first:last));
end
[~, peak] = max(smooth - baseline);
end
