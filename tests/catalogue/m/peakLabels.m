function [labels, where] = peakLabels(freq, power, floorLevel)
% PEAKLABELS  Text for the local maxima of a spectrum, strongest first.
%   Only maxima above FLOORLEVEL count. WHERE holds their frequencies.
labels = {};
where = [];
height = [];
for k = 2:numel(power) - 1
    if power(k) <= floorLevel, continue; end
    if power(k) > power(k - 1) && power(k) >= power(k + 1)
        where(end + 1) = freq(k);
        height(end + 1) = power(k);
    end
end
[~, order] = sort(height, 'descend');
where = where(order);
for k = 1:numel(where)
    labels{k} = [num2str(where(k)) ' Hz'];
end
end
