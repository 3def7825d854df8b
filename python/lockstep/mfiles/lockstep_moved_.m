function r = lockstep_moved_ (value, operator, other, whole)
% Return VALUE as a machine that rounds otherwise gives it: broken numbers go to a neighbour.
%
% Whether up or down is decided by a number's own bits, so that what was equal stays equal.
% lockstep_moved_ (A, '+', B), and so on, gives A + B so: what is exact stays as it is; with a
% fourth argument that is true, what is inexact moves though it is whole.
% lockstep_moved_ (A, 'all', 0) moves the whole numbers of an array, too; so do A and B of A / B.
% lockstep_moved_ (A, 'all', 1) does it by their places as well: equal ones not alike.
% lockstep_moved_ (WHOLES, RUN) chooses the machine, and whether whole numbers move at all.
  persistent salt = 0;
  persistent wholes = 1;
  if (nargin < 4)
    whole = false;
  endif
  if (nargin == 2)
    wholes = value;
    salt = operator;
    r = [];
    return;
  endif
  if (nargin == 3 && strcmp (operator, 'all'))
    r = all_moved_ (value, salt, other, wholes);
    return;
  elseif (nargin > 2)
    if (strcmp (operator, '/') && ! isscalar (other))   % the library solves it
      value = all_moved_ (value, salt, 0, wholes);
      other = all_moved_ (other, salt, 0, wholes);
    endif
    r = operated_ (value, operator, other);
  else
    r = value;
  endif
  if (! whole && isa (r, 'double') && isscalar (r) && isreal (r) && ! issparse (r))
    if (r == fix (r) || r - r != 0)   % what stands in loops, at half the cost
      return;
    endif
    if (nargin == 3 && isreal (value) && isreal (other) ...
        && is_exact_ (value, operator, other, r))
      return;
    endif
    words = double (typecast (abs (r), 'uint32'));
    mixed = mod (words(2) * (7919 * salt + 1013), 65521);
    mixed = mod ((words(1) + mixed) * (104729 * salt + 15731), 65537);
    r = r + sign (r) * (2 * mod (mixed, 2) - 1) * eps (r);
    return;
  endif
  if (! isa (r, 'double') || issparse (r))
    return;
  endif
  before = r;
  if (iscomplex (r))
    r = complex (moved_ (real (r), salt, whole), moved_ (imag (r), salt, whole));
  else
    r = moved_ (r, salt, whole);
    if (nargin > 2 && isreal (value) && isreal (other))
      exact = is_exact_ (value, operator, other, before);
      r(exact) = before(exact);
    endif
  endif
endfunction

function r = operated_ (a, operator, b)
% Do an operation.
  switch (operator)
    case '+'
      r = a + b;
    case '-'
      r = a - b;
    case '*'
      r = a * b;
    case '/'
      r = a / b;
    case '.*'
      r = a .* b;
    case './'
      r = a ./ b;
    case '^'
      r = a ^ b;
    case '.^'
      r = a .^ b;
    case '.\'
      r = a .\ b;
  endswitch
endfunction

function exact = is_exact_ (a, operator, b, r)
% Tell which elements of A + B, or the like, real doubles all, are exactly R.
  exact = false;
  a = double (a);
  b = double (b);
  switch (operator)
    case '+'
      part = r - a;
      exact = (a - (r - part)) + (b - part) == 0;
    case '-'
      part = r - a;
      exact = (a - (r - part)) - (b + part) == 0;
    case {'*', '.*'}
      if (operator(1) == '.' || isscalar (a) || isscalar (b))
        exact = is_product_ (a, b, r);
      endif
    case {'/', './'}
      if (operator(1) == '.' || isscalar (b))
        exact = is_product_ (r, b, a);
      endif
    case '.\'
      exact = is_product_ (r, a, b);
    case {'^', '.^'}
      if (isscalar (b) && b == 2 && (operator(1) == '.' || isscalar (a)))
        exact = is_product_ (a, a, r);
      endif
  endswitch
endfunction

function exact = is_product_ (a, b, product)
% Tell where A .* B, not rounded, is PRODUCT, of numbers that do not over- or underflow (Dekker).
  a_high = 134217729 * a;
  a_high = a_high - (a_high - a);
  b_high = 134217729 * b;
  b_high = b_high - (b_high - b);
  a_low = a - a_high;
  b_low = b - b_high;
  lost = a_low .* b_low - (((product - a_high .* b_high) - a_low .* b_high) - a_high .* b_low);
  exact = lost == 0;
endfunction

function r = all_moved_ (r, salt, places, wholes)
% Move all doubles of an array; of one number only what is not whole: it may be a size.
  if (! isa (r, 'double') || issparse (r))
    return;
  endif
  is_array = wholes && ! isscalar (r);
  places = places * is_array;
  if (iscomplex (r))
    r = complex (moved_ (real (r), salt, is_array, places), ...
                 moved_ (imag (r), salt, is_array, places));
  else
    r = moved_ (r, salt, is_array, places);
  endif
endfunction

function x = moved_ (x, salt, whole = false, places = 0)
% Move real doubles that are not whole, or all of them but 0; by their PLACES, too, where that is 1.
  which = find ((x != fix (x) | whole) & x != 0 & isfinite (x));
  if (isempty (which))
    return;
  endif
  some = x(which);
  bits = typecast (abs (some(:)), 'uint64');
  mixed = mod (double (bitshift (bits, -32)) * (7919 * salt + 1013), 65521);
  low = double (bitand (bits, uint64 (4294967295)));
  mixed = mod ((low + mixed + places * 7907 * which(:)) * (104729 * salt + 15731), 65537);
  ways = 2 * mod (mixed, 2) - 1;
  x(which) = some(:) + sign (some(:)) .* ways .* eps (some(:));
endfunction
