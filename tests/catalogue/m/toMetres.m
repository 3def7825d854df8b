function [metres, unknown] = toMetres(values, units)
% TOMETRES  Lengths in metres from values with units of their own.
%   A unit that is not known gives NaN and is counted.
metres = zeros(numel(values), 1);
unknown = 0;
for k = 1:numel(values)
    switch lower(strtrim(units{k}))
        case {'km', 'kilometre'}
            factor = 1000;
        case {'nmi'}
            factor = 1852;
        case {'m', 'metre'}
            factor = 1;
        case {'ft', 'foot', 'feet'}
            factor = 0.3048;
        otherwise
            factor = NaN;
            unknown = unknown + 1;
    end
    metres(k) = values(k) * factor;
end
end
