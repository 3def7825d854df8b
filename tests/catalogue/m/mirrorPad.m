function [P, blurred] = mirrorPad(img, w)
% MIRRORPAD  Extend an image by its reflection, w pixels on each side, and
%   blur it with a box of 2w+1 pixels; BLURRED has the size of the image.
left = fliplr(img(:, 1:w));
right = fliplr(img(:, end - w + 1:end));
P = [left img right];
top = flipud(P(1:w, :));
bottom = flipud(P(end - w + 1:end, :));
P = [top; P; bottom];
[rows, cols] = size(img);
blurred = zeros(rows, cols);
for r = 1:rows
    for c = 1:cols
        box = P(r:r + 2 * w, c:c + 2 * w);
        blurred(r, c) = mean(box(:));
    end
end
end
