function m = blockMean(x, seconds, rate)
% BLOCKMEAN  Mean of each block of a signal.
%   A block is SECONDS long at RATE samples a second; what is left at the end is
%   left out.
n = round(seconds * rate);
blocks = floor(numel(x) / n);
m = zeros(blocks, 1);
for k = 1:blocks
  m(k) = mean(x((k-1)*n+1:k*n));
end
end
