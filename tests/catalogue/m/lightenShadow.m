function [J, lost, gain] = lightenShadow(I, glow)
% LIGHTENSHADOW  Add a glow (uint8, size of the image) to a grey image, and tell
%   how many pixels were burnt out and by how much the mean level rose.
J = I + glow;
burnt = J == 255 & I < 255;
lost = sum(burnt(:));
before = mean(double(I(:)));
after = mean(double(J(:)));
gain = after - before;
end
