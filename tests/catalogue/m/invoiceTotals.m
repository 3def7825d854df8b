function [net, tax, due] = invoiceTotals(qty, price, discount, rates)
% INVOICETOTALS  Sums of an invoice in whole cents.
%   Each line is rounded by itself, halves away from zero, as is the tax;
%   PRICE is for a thousand pieces; RATES holds the tax rate of each line
%   in percent.
cents = 100;
line = qty .* price / 1000 .* (1 - discount / 100);
line = round(line * cents) / cents;
net = sum(line);
tax = 0;
for r = unique(rates(:))'
    base = sum(line(rates == r));
    tax = tax + round(base * r) / cents;
end
due = net + tax;
end
