function y = growthTower(x, n)
% GROWTHTOWER  Growth over n terms of two years, with its offset.
y = x .^ 2 .^ n;
y = y - 1;
end
