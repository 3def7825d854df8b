function lockstep_argument_ (frame, site, value)
% Like lockstep_value_ for an argument of a function, after it was entered.
  lockstep_value_ (frame, site, value);
end
