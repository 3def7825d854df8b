function [log, spilled] = tankLog(inflow, capacity, leak)
% TANKLOG  State of a water tank after each hour.
%   log{k} is a struct with the level and the number of hours at which the
%   tank was full; what does not fit is SPILLED.
state.level = 0;
state.fullHours = 0;
spilled = 0;
log = cell(1, numel(inflow));
for k = 1:numel(inflow)
    level = state.level * (1 - leak) + inflow(k);
    if level >= capacity
        spilled = spilled + level - capacity;
        level = capacity;
        state.fullHours = state.fullHours + 1;
    end
    state.level = level;
    log{k} = state;
end
end
