function [number, size_] = lockstep_summed_ (value)
% Return an array as one number, and the sum of its sizes; zeros where it has no numbers.
  number = size_ = 0;
  if (! (isnumeric (value) || islogical (value)))
    return;
  endif
  flat = double (full (value(:)));
  if (iscomplex (flat))
    flat = real (flat) + 0.61 * imag (flat);
  endif
  flat(isnan (flat)) = 0.7;
  flat(flat == Inf) = 1.3;
  flat(flat == -Inf) = -1.7;
  number = sin ((1:numel (flat)) * 1.2345 + 0.5) * flat;
  size_ = sum (abs (flat));
endfunction
