% Take the noise off a slow wave, with two filters.
t = (0:59)' / 60;
signal = sin(2 * pi * t) + 0.2 * cos(50 * t);
for order = [10, 20]
  h = designLowpass(order, 0.25);
  smooth = filterCentred(h, signal);
end
