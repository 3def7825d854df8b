function r = lockstep_moved_ (value, run)
% Return VALUE as a machine that rounds otherwise gives it: broken numbers go to a neighbour.
%
% Whether up or down is decided by a number's own bits, so that what was equal stays equal.
% lockstep_moved_ (0, RUN) chooses the machine.
  persistent salt = 0;
  if (nargin > 1)
    salt = run;
    r = [];
    return;
  endif
  r = value;
  if (isa (value, 'double') && isscalar (value) && isreal (value) && ! issparse (value))
    if (value != fix (value) && value - value == 0)   % what stands in loops, at half the cost
      words = double (typecast (abs (value), 'uint32'));
      mixed = mod (words(2) * (7919 * salt + 1013), 65521);
      mixed = mod ((words(1) + mixed) * (104729 * salt + 15731), 65537);
      r = value + sign (value) * (2 * mod (mixed, 2) - 1) * eps (value);
    endif
    return;
  endif
  if (! isfloat (value) || issparse (value) || isa (value, 'single'))
    return;
  endif
  if (iscomplex (value))
    r = complex (moved_ (real (value), salt), moved_ (imag (value), salt));
  else
    r = moved_ (value, salt);
  endif
endfunction

function x = moved_ (x, salt)
% Move real doubles.
  broken = find (x != fix (x) & isfinite (x));
  if (isempty (broken))
    return;
  endif
  some = x(broken);
  bits = typecast (abs (some(:)), 'uint64');
  mixed = mod (double (bitshift (bits, -32)) * (7919 * salt + 1013), 65521);
  low = double (bitand (bits, uint64 (4294967295)));
  mixed = mod ((low + mixed) * (104729 * salt + 15731), 65537);
  ways = 2 * mod (mixed, 2) - 1;
  x(broken) = some(:) + sign (some(:)) .* ways .* eps (some(:));
endfunction
