function [ok, total, digits] = luhnChecksum(number)
% LUHNCHECKSUM  Luhn test of an account number that is given as text.
%   Blanks and dashes between the groups are ignored. The last digit is the
%   check digit; TOTAL is the weighted sum, OK tells whether it ends in 0.
digits = number(isstrprop(number, 'digit')) - '0';
n = numel(digits);
total = 0;
for k = n:-1:1
    d = digits(k);
    if mod(n - k, 2) == 1
        d = 2 * d;
        if d > 9, d = d - 9; end
    end
    total = total + d;
end
ok = mod(total, 10) == 0;
end
