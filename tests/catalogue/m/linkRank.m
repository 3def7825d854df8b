function [rank, iter] = linkRank(src, dst, n, damping, tol)
% LINKRANK  Rank of the nodes of a directed graph by the power method.
%   src(k) -> dst(k) are the links; nodes without links hand their rank to
%   all nodes alike.
outdeg = accumarray(src, 1, [n 1]);
dangling = outdeg == 0;
rank = ones(n, 1) / n;
for iter = 1:200
    flow = rank(src) ./ outdeg(src);
    inflow = accumarray(dst, flow, [n 1]);
    lost = sum(rank(dangling)) / n;
    next = (1 - damping) / n + damping * (inflow + lost);
    change = norm(next - rank, 1);
    rank = next;
    if change < tol
        break
    end
end
end
