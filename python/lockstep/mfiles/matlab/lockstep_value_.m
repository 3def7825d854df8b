function r = lockstep_value_ (frame, site, value)
% The recorder of a trace: returns VALUE, and notes that SITE gave it in the call FRAME.
%
% It takes and gives what ../lockstep_value_.m does, which is Octave's and fast there.
  persistent count limit bytes marks values too_large frames
  if (isempty (limit))
    limit = -1;
    count = 0;
  end
  if (site > 0)
    count = count + 1;
    if (count <= limit)
      marks(count) = frame + mod (site, 2^20);
      taken = size_in_bytes_ (value);
      too_large(count) = taken > bytes && taken > 4096;
      if (too_large(count))
        values{count} = size (value);
      else
        bytes = bytes - taken;
        values{count} = value;
      end
    end
    if (nargout > 0)
      r = value;
    end
  elseif (site == 0)
    count = count + 1;
    if (count <= limit)
      marks(count) = frame;
    end
  elseif (site == -1)
    frames = frames + 2^20;
    count = count + 1;
    if (count <= limit)
      marks(count) = frames;
      stack = dbstack ();
      values{count} = [frame, value, numel(stack), stack.line];
    end
    if (nargout > 0)
      r = frames;
    end
  elseif (site == -2)
    mlock ();
    limit = frame;
    bytes = value;
    count = 0;
    frames = 0;
    marks = zeros (1, limit);
    values = cell (1, limit);
    too_large = false (1, limit);
  else
    munlock ();
    n = min (count, limit);
    r = struct ('count', count, 'marks', marks(1:n), 'too_large', too_large(1:n));
    r.values = values(1:n);
    limit = -1;
    marks = [];
    values = {};
    too_large = [];
  end
end

function n = size_in_bytes_ (value)
  about = whos ('value');
  n = about.bytes;
end
