function d = lockstep_digest_ (value, samples)
% A large array in short: its class, size and checksum, and some of its elements, evenly spread.
  if (! (isnumeric (value) || islogical (value)) || issparse (value))
    d = value;
    return;
  endif
  places = unique (round (linspace (1, numel (value), samples)));
  d = struct ('lockstep_digest_', true, 'class', class (value), 'size', size (value));
  d.checksum = [bits_(real (value)), bits_(imag (value))(1:32 * iscomplex (value))];
  d.sample = value(places)(:);
endfunction

function text = bits_ (value)
% Of real numbers, column by column, as lockstep.model.events.digest has it.
  if (islogical (value))
    value = uint8 (value);
  endif
  text = hash ('md5', typecast (value(:)', 'char'));
endfunction
