function [lines, total] = pickingList(names, quantity, price)
% PICKINGLIST  One line of text for each article that is to be sent.
%   Articles whose quantity is zero or less are left out.
lines = {};
total = 0;
for k = 1:numel(names)
    q = quantity(k);
    if q <= 0
        continue;
    end
    cost = q * price(k);
    total = total + cost;
    lines{end + 1} = sprintf('%-8s %d at %.2f: %8.3f', names{k}, q, price(k), cost);
end
lines{end + 1} = sprintf('%d lines, sum %.2f', numel(lines), total);
end
