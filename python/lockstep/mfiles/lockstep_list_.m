function values = lockstep_list_ (frame, site, varargin)
% Like lockstep_value_ for what may be several values or none: lockstep_list_ (...){:} is the same.
  values = varargin;
  if (numel (varargin) == 1)
    lockstep_value_ (frame, site, varargin{1});
  endif
endfunction
