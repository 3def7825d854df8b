function T = panelTurn(T, weight)
% PANELTURN  Temperatures of a square panel that is mounted a quarter turn
%   to the left, weighted by position.
T = rot90(T);
T = T .* weight;
end
