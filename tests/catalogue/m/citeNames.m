function [names, years] = citeNames(refs)
% CITENAMES  Author text and year of a list of references.
%   The first author of each reference is turned from "Last, First" into
%   "First Last"; the others stay as they are, as bibliographies want it.
%   A reference without a year in brackets has the year NaN.
n = numel(refs);
names = cell(1, n);
years = zeros(1, n);
for k = 1:n
    ref = strtrim(refs{k});
    tok = regexp(ref, '\((\d{4})\)', 'tokens', 'once');
    if isempty(tok), years(k) = NaN; else, years(k) = str2double(tok{1}); end
    body = regexprep(ref, '\s*\(\d{4}\)\s*', '');
    body = regexprep(body, '(\w+), (\w+)', '$2 $1', 'once');
    names{k} = lower(body);
end
end
