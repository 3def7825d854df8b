function [gather, stack] = gatherTraces(cube, offs, maxoff)
% GATHERTRACES  Common gather of the near traces of all shots of a survey.
%   cube    samples x receivers x shots
%   offs    receivers x shots, distance of each receiver from its shot
%   maxoff  traces farther away than this are left out
% Each trace is scaled to a peak of one; stack is the mean of the gather.
[nt, nr, ns] = size(cube);
traces = reshape(cube, nt, nr * ns);
d = offs(:)';
near = find(abs(d) <= maxoff);
gather = zeros(nt, numel(near));
for k = 1:numel(near)
  tr = traces(:, near(k));
  peak = max(abs(tr));
  if peak > 0
    tr = tr / peak;
  end
  gather(:, k) = tr;
end
stack = sum(gather, 2) / max(1, numel(near));
end
