function r = lockstep_blocks_ (sites, numbers, sizes)
% Sum up what statements bound, block by block; of places that bind for ever only sums are kept.
%
% lockstep_blocks_ (SITES, NUMBERS, SIZES) adds values, each with its site and its size. Each
% SIZE of a site are a block, of which there are two sums: of the numbers, with weights, and of the
% sizes. lockstep_blocks_ (SIZE) begins; R = lockstep_blocks_ () returns the sites that there were,
% and of each a matrix with a column for each block.
  persistent size_ weights known open sums;
  r = [];
  if (nargin == 1)
    size_ = sites;
    weights = sin ((1:size_) * 1.2345 + 0.5);
    known = zeros (1, 0);
    open = sums = {};
    return;
  endif
  if (nargin == 0)
    for k = 1:numel (known)
      if (columns (open{k}) > 0)
        sums{k}(:, end+1) = sums_ (open{k}, weights(1:columns (open{k})));
      endif
    endfor
    r = struct ('sites', known);
    r.sums = sums;
    return;
  endif
  ordered = sort (sites);
  for site = ordered([true, diff(ordered) != 0])
    k = find (known == site);
    if (isempty (k))
      known(end+1) = site;
      k = numel (known);
      open{k} = sums{k} = zeros (2, 0);
    endif
    here = sites == site;
    joined = [open{k}, [numbers(here); sizes(here)]];
    count = floor (columns (joined) / size_);
    for block = 1:count
      sums{k}(:, end+1) = sums_ (joined(:, (block-1) * size_ + (1:size_)), weights);
    endfor
    open{k} = joined(:, count * size_ + 1:end);
  endfor
endfunction

function two = sums_ (block, weights)
  numbers = block(1, :);
  numbers(isnan (numbers)) = 0.7;
  numbers(numbers == Inf) = 1.3;
  numbers(numbers == -Inf) = -1.7;
  sizes = block(2, :);
  sizes(! isfinite (sizes)) = 1;
  two = [weights * numbers'; sum(sizes)];
endfunction
