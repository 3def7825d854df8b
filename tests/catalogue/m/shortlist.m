function [who, marks, cut] = shortlist(score, seats, minimum)
% SHORTLIST  Numbers of the candidates who get the seats, the best first.
%   Of equal scores the earlier application goes first. CUT is the lowest
%   score that was enough.
[sorted, order] = sort(score, 'descend');
who = [];
marks = [];
cut = NaN;
k = 1;
while k <= numel(order) && numel(who) < seats
    if sorted(k) < minimum, break; end
    who(end + 1, 1) = order(k);
    marks(end + 1, 1) = sorted(k);
    cut = sorted(k);
    k = k + 1;
end
end
