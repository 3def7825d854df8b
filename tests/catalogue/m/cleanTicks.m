function [ret, nbad, last] = cleanTicks(price, volume)
% CLEANTICKS  Log returns of the trades that are worth believing.
%   Trades without volume, or with a price that is not positive, are counted
%   in NBAD and skipped; the next return bridges the gap.
ret = [];
nbad = 0;
last = NaN;
for k = 1:numel(price)
    p = price(k);
    if volume(k) == 0 || ~(p > 0)
        nbad = nbad + 1;
        continue
    end
    if ~isnan(last)
        ret(end + 1, 1) = log(p / last);
    end
    last = p;
end
end
