function [out, changed] = majorityFilter(labels, radius)
% MAJORITYFILTER  Replace each label of a map by the commonest around it.
%   The window is cut off at the border of the map. CHANGED is a mask of the
%   cells that have another label than before.
[rows, cols] = size(labels);
out = labels;
for r = 1:rows
    for c = 1:cols
        r1 = max(r - radius, 1);
        r2 = min(r + radius, rows);
        c1 = max(c - radius, 1);
        c2 = min(c + radius, cols);
        window = labels(r1:r2, c1:c2);
        out(r, c) = mode(window(:));
    end
end
changed = out ~= labels;
end
