function lockstep_part_ (frame, site, value)
% Like lockstep_value_ after a statement that changed a part of a large array: notes what changed.
%
% SITE is that of the statement and 2^20 times the number of the variable, which tells those of a
% function apart. The array is kept whole the first time, as
% struct ('lockstep_whole_', N, 'value', VALUE), where N numbers such arrays; then what differs from
% the time before, as struct ('lockstep_changed_', N, 'places', PLACES, 'part', VALUE(PLACES)).
% lockstep_part_ (0, 0) forgets those of the trace before.
  persistent known = {};
  persistent keys = zeros (1, 0);
  persistent numbers = zeros (1, 0);
  persistent made = 0;
  if (site == 0)
    known = {};
    keys = numbers = zeros (1, 0);
    made = 0;
    return;
  endif
  variable = floor (site / 2^20);
  site = mod (site, 2^20);
  if (issparse (value) || ! (isfloat (value) || islogical (value) || isinteger (value)))
    lockstep_value_ (frame, site, value);
    return;
  endif
  k = find (keys == frame + variable, 1);
  if (isempty (k))
    k = mod (made, 8) + 1;   % the arrays of so many variables are known at a time
  elseif (size_equal (known{k}, value) && strcmp (class (known{k}), class (value)))
    before = known{k};
    known{k} = [];           % or it would be copied when it is changed
    places = find (before(:) != value(:));
    part = value(places);
    places(isnan (part) & isnan (before(places))) = [];
    if (numel (places) <= numel (value) / 8)
      part = value(places);
      before(places) = part;
      known{k} = before;
      lockstep_value_ (frame, site, struct ('lockstep_changed_', numbers(k), ...
                                            'places', places(:), 'part', part(:)));
      return;
    endif
  endif
  made++;
  known{k} = value;
  keys(k) = frame + variable;
  numbers(k) = made;
  lockstep_value_ (frame, site, struct ('lockstep_whole_', made, 'value', value));
endfunction
