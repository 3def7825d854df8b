function lockstep_matlab_ (request_file, reply_file)
% Run the one call that REQUEST_FILE describes and write its outcome to REPLY_FILE.
%
% The request has name (of a function or script), args, nargout (-1: as many as the function
% declares), script and seed ([] or what rand takes). The reply has ok, outputs (a cell) or error
% (message, identifier, stack), and seconds. As all files of this folder, this runs in MATLAB, and
% in Octave where it stands in for MATLAB in tests.
  found = load (request_file);
  request = lockstep_decode_ (found.request);
  reply = struct ('ok', false, 'seconds', 0);
  reply.outputs = {};
  args = request.args;
  try
    if (~isempty (request.seed))
      rand ('twister', request.seed);
    end
    if (request.script)
      timer = tic ();
      outputs = {lockstep_script_(request.name)};
    else
      n = count_outputs_ (request);
      outputs = cell (1, n);
      timer = tic ();
      if (n == 0)
        feval (request.name, args{:});
      else
        [outputs{:}] = feval (request.name, args{:});
      end
    end
    reply.seconds = toc (timer);
    reply.outputs = lockstep_encode_ (outputs);
    reply.ok = true;
  catch err
    reply.error = lockstep_encode_ (struct ('message', err.message, ...
                                            'identifier', err.identifier, ...
                                            'stack', {frames_(err)}));
  end
  save (reply_file, 'reply', '-v6');
end

function n = count_outputs_ (request)
  n = request.nargout;
  if (n < 0)
    try
      n = nargout (request.name);
      if (n < 0)
        n = -n - 1 + (n == -1);   % varargout need not be set, unless there is nothing else
      end
    catch
      n = 1;   % a built-in function may not tell
    end
  end
end

function frames = frames_ (err)
% The stack from where the error was raised up to the called function, without our own frames.
  frames = {};
  for k = 1:numel (err.stack)
    name = err.stack(k).name;
    if (strncmp (name, 'lockstep_', 9))
      break;
    end
    frames{end + 1} = sprintf ('%s line %d', name, err.stack(k).line);
  end
end
