function [stored, full] = reservoir(t, inflow, start)
% RESERVOIR  What a reservoir holds at each time.
%   T are the times and INFLOW the flow then; START is held at the first of
%   them. FULL is the greatest of what it holds.
stored = start + cumtrapz(t, inflow);
full = max(stored);
end
