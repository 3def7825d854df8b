function [rate, loglik, aic] = poissonFit(counts, exposure)
% POISSONFIT  Rate of events, with the likelihood of the data.
%   counts(k) events were seen in the time exposure(k).
rate = sum(counts) / sum(exposure);
loglik = 0;
for k = 1:numel(counts)
    mu = rate * exposure(k);
    if mu == 0
        continue
    end
    loglik = loglik + counts(k) * log(mu) - mu - gammaln(counts(k) + 1);
end
aic = 2 - 2 * loglik;
end
