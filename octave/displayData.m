function [h, display_array] = displayData(X, example_width)
%DISPLAYDATA Show the rows of X as images in a grid.
%   [h, display_array] = DISPLAYDATA(X, example_width) draws each row of X
%   as an image of example_width columns, in shades of gray, and returns
%   h              handle of the picture, from imagesc; [] where nothing can
%                  be drawn, as in an Octave without a graphics toolkit
%   display_array  the picture: all images, row by row, in a grid of
%                  floor(sqrt(m)) rows, with one pixel of padding around each
%
%   X              m x n, one image a row, unrolled column by column, finite
%   example_width  columns of an image, a divisor of n; the default, where it
%                  is missing or [], is round(sqrt(n)): square images
%
%   Each image is divided by its largest absolute value, so display_array
%   lies in [-1, 1]: -1 is black, and so is the padding, and 1 is white. An
%   image of zeros stays 0. Where the last row of the grid is not full, the
%   rest is -1.
%
%   Example
%      load('digits.mat', 'X');
%      displayData(X(randperm(5000, 100), :));
%
%   Source: programming exercise 4, visualising the data.
%
%   See also imagesc, ex4.

% Check
if nargin < 1
    error('displayData:nargin', 'displayData: expected 1 or 2 arguments, X and example_width, got %d', nargin);
end
if ~isfloat(X) || ~isreal(X)
    error('displayData:X', 'displayData: X must be real and of class double or single, got class %s', class(X));
end
if isempty(X)
    error('displayData:X', 'displayData: X is empty; it needs at least one image (row)');
end
if ndims(X) ~= 2
    error('displayData:X', 'displayData: X must be a matrix, got %d dimensions', ndims(X));
end
if any(~isfinite(X(:)))
    error('displayData:X', 'displayData: X must be finite, found %d NaN or Inf', sum(~isfinite(X(:))));
end
if nargin < 2 || isempty(example_width)
    example_width = round(sqrt(size(X, 2)));
end
if ~isPositiveWhole(example_width)
    error('displayData:example_width', 'displayData: example_width must be a whole number >= 1');
end
example_width = double(example_width);
if rem(size(X, 2), example_width) ~= 0
    error('displayData:example_width', 'displayData: example_width must divide the %d columns of X, got %d', size(X, 2), example_width);
end

% Sizes
m = size(X, 1);
n = size(X, 2);
example_height = n / example_width;
display_rows = floor(sqrt(m));
display_cols = ceil(m / display_rows);
pad = 1;

% Fill the grid, row by row
display_array = -ones(pad + display_rows * (example_height + pad), pad + display_cols * (example_width + pad));
for k = 1:m
    max_val = max(abs(X(k, :)));
    if max_val == 0
        max_val = 1;
    end
    top = pad + floor((k - 1) / display_cols) * (example_height + pad);
    left = pad + rem(k - 1, display_cols) * (example_width + pad);
    display_array(top + (1:example_height), left + (1:example_width)) = reshape(X(k, :), example_height, example_width) / max_val;
end

% Draw, where that is possible: without a graphics toolkit imagesc is an error
try
    h = imagesc(display_array, [-1 1]);
    colormap(gray(256));
    axis image off;
    drawnow;
catch
    h = [];
end

end

function ok = isPositiveWhole(n)
ok = isnumeric(n) && isreal(n) && isscalar(n) && n >= 1 && n == round(n) && ~isinf(n);
end

%!function A = picture (varargin)
%!  [~, A] = displayData (varargin{:});
%!endfunction
%!assert (picture ([1 2 3 4]), [-1 -1 -1 -1; -1 0.25 0.75 -1; -1 0.5 1 -1; -1 -1 -1 -1])
%!assert (picture ([-4; 2]), [-1 -1 -1 -1 -1; -1 -1 -1 1 -1; -1 -1 -1 -1 -1])
%!assert (class (picture (single ([1 2 3 4]))), 'double')
%!test <the grid: floor(sqrt(m)) rows; what no image fills stays -1>
%! A = picture (ones (7, 6), 3);
%! assert (size (A), [1 + 2 * 3, 1 + 4 * 4]);
%! assert (A(5:6,14:16), -ones (2, 3));
%! assert (sum (A(:) == 1), 7 * 6);
%!test <images go row by row, each unrolled column by column>
%! X = reshape (1:6 * 9, 9, 6)' ./ (46:54);
%! A = picture (X([1 2 3 4 5 6],:));
%! assert (A(2:4,6:8), reshape (X(2,:), 3, 3) / max (X(2,:)));
%! assert (A(6:8,2:4), reshape (X(4,:), 3, 3) / max (X(4,:)));
%!test <an image of zeros stays 0, and the others keep their scale>
%! A = picture ([0 0 0 0; 2 0 -1 0]);
%! assert (A(2:3,2:3), zeros (2));
%! assert (A(2:3,5:6), [1 -0.5; 0 0]);
%!assert (picture ([1 2 3 4], []), picture ([1 2 3 4]))
%!assert (size (picture (1:6, 3)), [4 5])
%!assert (size (picture (1:6, int8 (2))), [5 4])
%!assert (picture (5), [-1 -1 -1; -1 1 -1; -1 -1 -1])
%!test <h is [] or a handle>
%! h = displayData ([1 2 3 4]);
%! assert (isempty (h) || ishghandle (h));
%! if (ishghandle (h))
%!   close (ancestor (h, 'figure'));
%! endif
%!error <expected 1 or 2 arguments, X and example_width, got 0> displayData ()
%!error <X must be real .* got class uint8> displayData (uint8 ([1 2 3 4]))
%!error <X must be real> displayData ([1i 2 3 4])
%!error <X is empty> displayData ([])
%!error <X must be a matrix, got 3 dimensions> displayData (ones (2, 4, 3))
%!error <X must be finite, found 2 NaN or Inf> displayData ([NaN 1 Inf 0])
%!error <example_width must be a whole number .= 1> displayData ([1 2 3 4], 0)
%!error <example_width must be a whole number> displayData ([1 2 3 4], [2 2])
%!error <example_width must be a whole number> displayData ([1 2 3 4], 'a')
%!error <example_width must divide the 4 columns of X, got 3> displayData ([1 2 3 4], 3)
%!error <example_width must divide the 7 columns of X, got 3> displayData (ones (2, 7))
