function [kinds, sums, longest] = unpackFrames(stream)
% UNPACKFRAMES  Read the frames of a telemetry stream.
%   A frame is: kind, number of values, values. A frame that is cut off at
%   the end of the stream is left out. SUMS are the sums of the values.
kinds = [];
sums = [];
longest = 0;
pos = 1;
while pos + 1 <= numel(stream)
    len = stream(pos + 1);
    last = pos + 1 + len;
    if last > numel(stream)
        break;
    end
    kinds(end + 1) = stream(pos);
    sums(end + 1) = sum(stream(pos + 2:last));
    longest = max(longest, len);
    pos = last + 1;
end
end
