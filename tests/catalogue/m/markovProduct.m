function P = markovProduct(A, B, n)
% MARKOVPRODUCT  Transition after one step of A and n of B.
P = A;
for k = 1:n
  P = P * B;
end
end
