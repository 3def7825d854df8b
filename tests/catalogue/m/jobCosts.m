function [cost, used] = jobCosts(jobs)
% JOBCOSTS  Price of each of a list of machining jobs.
%   A job is a struct with the field minutes; its fields rate, setup and
%   factor, where it has them, stand in for the ones of the workshop.
cost = zeros(1, numel(jobs));
used = cell(1, numel(jobs));
for k = 1:numel(jobs)
    job = jobs{k};
    settings = workshop();
    names = fieldnames(settings);
    for i = 1:numel(names)
        if isfield(job, names{i})
            settings.(names{i}) = job.(names{i});
        end
    end
    hours = ceil(job.minutes / 15) / 4;
    cost(k) = settings.setup + settings.factor * settings.rate * hours;
    used{k} = sprintf('%.2f/%.2f/%.2f', settings.rate, settings.setup, settings.factor);
end
end

function s = workshop()
s = struct('rate', 64, 'setup', 25, 'factor', 1);
end
