function d = lockstep_digest_ (value, samples)
% A large array in short: its class, its size, and some of its elements, evenly spread.
  if (! (isnumeric (value) || islogical (value)) || issparse (value))
    d = value;
    return;
  endif
  places = unique (round (linspace (1, numel (value), samples)));
  d = struct ('lockstep_digest_', true, 'class', class (value), 'size', size (value));
  d.sample = value(places)(:);
endfunction
