function [pick, ratio] = firstArrival(trace, nsta, nlta, threshold)
% FIRSTARRIVAL  Onset of a wave by the ratio of short to long term energy.
%   PICK is the first sample whose ratio exceeds the threshold, or 0.
n = numel(trace);
energy = trace .^ 2;
ratio = zeros(n, 1);
pick = 0;
for k = nlta:n
    sta = mean(energy(k - nsta + 1:k));
    lta = mean(energy(k - nlta + 1:k));
    if lta > 0
        ratio(k) = sta / lta;
    end
end
for k = nlta:n
    if ratio(k) > threshold
        pick = k;
        break;
    end
end
end
