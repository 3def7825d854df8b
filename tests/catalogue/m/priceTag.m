function s = priceTag(name, x)
% PRICETAG  A line of a price list.
s = sprintf('%s:%8.2f', name, x);
end
