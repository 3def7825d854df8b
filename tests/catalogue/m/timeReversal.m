function y = timeReversal(x, h)
% TIMEREVERSAL  Filter, turn round in time, filter and turn back.
y = conv(x, h);
y = flipud(y);
y = conv(y, h);
end
