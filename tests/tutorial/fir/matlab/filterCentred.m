function y = filterCentred(h, x)
%FILTERCENTRED Filter a signal, and undo the delay that the filter brings.
%   y = FILTERCENTRED(h, x) has an element for each of the column x.

delay = round((numel(h) - 1) / 2);
padded = [x; zeros(delay, 1)];
y = filter(h, 1, padded);
y = y(delay + 1:end);
end

%!test
%! x = [0; 0; 1; 0; 0];
%! assert (filterCentred ([0.25, 0.5, 0.25], x), [0; 0.25; 0.5; 0.25; 0]);
%!assert (filterCentred (ones (1, 5) / 5, (1:9)')(5), 5, 4 * eps)
