function [plan, dropped] = capOrders(orders, limit)
% CAPORDERS  Weekly orders of shops, cut where a shop orders more than it may.
%   ORDERS has a row for each shop and a column for each day. A shop whose week
%   is above LIMIT gets nothing on the last day, and what is still too much is
%   taken from all its days alike. DROPPED is what each shop does not get.
plan = orders;
over = sum(plan, 2) > limit;
plan(over, end) = 0;
week = sum(plan, 2);
for s = 1:size(plan, 1)
    if week(s) > limit
        plan(s, :) = plan(s, :) * (limit / week(s));
    end
end
dropped = sum(orders, 2) - sum(plan, 2);
end
