function [out, depth] = blockInterleave(bits, nrows)
% BLOCKINTERLEAVE  Block interleaver for a burst of code symbols.
%   [out, depth] = blockInterleave(bits, nrows) writes the burst down the
%   columns of a matrix of nrows rows and reads it along the rows. The burst is
%   padded with zeros; depth is how far two neighbours are apart afterwards.

bits = bits(:);
n = numel(bits);
ncols = ceil(n / nrows);
pad = nrows * ncols - n;
if pad > 0, bits = [bits; zeros(pad, 1)]; end

block = reshape(bits, nrows, ncols);
out = zeros(nrows * ncols, 1);
k = 0;
for r = 1:nrows
  out(k+1:k+ncols) = block(r, :);
  k = k + ncols;
end
depth = ncols;
end
