function [groups, gamma] = binByDistance(xy, z, width, nbins)
% BINBYDISTANCE  Semivariances of a variogram, gathered by distance.
%   groups{k} holds the half squared differences of the pairs of points that
%   are between (k-1)*width and k*width apart; GAMMA are the means.
groups = cell(1, nbins);
for k = 1:nbins, groups{k} = []; end
n = numel(z);
for i = 1:n - 1
    for j = i + 1:n
        k = floor(norm(xy(i, :) - xy(j, :)) / width) + 1;
        if k <= nbins
            groups{k}(end + 1) = (z(i) - z(j)) ^ 2 / 2;
        end
    end
end
gamma = NaN(1, nbins);
for k = 1:nbins
    if ~isempty(groups{k}), gamma(k) = mean(groups{k}); end
end
end
