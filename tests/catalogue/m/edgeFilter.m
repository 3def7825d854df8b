function y = edgeFilter(x)
% EDGEFILTER  Mean of three neighbours; the ends are repeated.
p = [x(1); x; x(end)];
y = (p(1:end-2) + p(2:end-1) + p(3:end)) / 3;
end
