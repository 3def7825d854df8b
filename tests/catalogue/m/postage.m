function [p, k] = postage(w)
% POSTAGE  Price of letters by their weight in grams, and the class of each.
p = zeros(size(w));
k = zeros(size(w));
for i = 1:numel(w)
    if w(i) <= 20
        k(i) = 1;
        p(i) = 0.85;
    elseif w(i) <= 50
        k(i) = 2;
        p(i) = 1.00;
    elseif w(i) <= 500
        k(i) = 3;
        p(i) = 1.60;
    else
        k(i) = 4;
        p(i) = 2.75;
    end
end
end
