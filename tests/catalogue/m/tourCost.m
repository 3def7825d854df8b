function c = tourCost(D, tour)
% TOURCOST  Cost of a tour by the costs from each place (row) to each other.
c = 0;
for k = 1:numel(tour) - 1
  c = c + D(tour(k), tour(k + 1));
end
end
