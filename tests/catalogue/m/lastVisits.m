function [who, share] = lastVisits(id)
% LASTVISITS  Everybody's last visit, as a part of the day's count.
[who, place] = unique(id, 'last');
share = place / numel(id);
end
