function lockstep_call_ (request_file, reply_file)
% Run the one call that REQUEST_FILE describes and write its outcome to REPLY_FILE.
%
% The request has name (of a function or script, or empty for an expression), expression, args,
% nargout (-1: as many as the function declares), script, seed ([] or a number), user (see
% lockstep_paths_).
% The reply has ok, outputs (a cell) or error (message, identifier, stack), and seconds.
  request = lockstep_decode_ (load (request_file).request);
  reply = struct ('ok', false, 'seconds', 0);
  reply.outputs = {};
  seeded = ! isempty (request.seed);
  args = request.args;
  lockstep_paths_ (true, request.user);
  try
    if (seeded)
      rand ('twister', request.seed);
    endif
    if (request.script)
      timer = builtin ('tic');
      outputs = {lockstep_script_(request.name)};
    else
      n = count_outputs_ (request);
      outputs = builtin ('cell', 1, n);
      timer = builtin ('tic');
      if (n == 0)
        builtin ('feval', request.name, args{:});
      else
        [outputs{:}] = builtin ('feval', request.name, args{:});
      endif
    endif
    reply.seconds = builtin ('toc', timer);
    lockstep_paths_ (false);
    reply.outputs = lockstep_encode_ (outputs);
    reply.ok = true;
  catch err
    lockstep_paths_ (false);
    reply.error = lockstep_encode_ (struct ('message', err.message, ...
                                            'identifier', err.identifier, ...
                                            'stack', {frames_(err)}));
  end_try_catch
  page_screen_output (false);
  PS1 ('PEXPECT_PROMPT>');   % lockstep.sides.octave_process waits for it
  save ('-v6', '-mat-binary', reply_file, 'reply');
endfunction

function n = count_outputs_ (request)
  n = request.nargout;
  if (n < 0)
    try
      n = builtin ('nargout', request.name);
      if (n < 0)
        n = -n - 1 + (n == -1);   % varargout need not be set, unless there is nothing else
      endif
    catch
      n = 1;   % a built-in function does not tell
    end_try_catch
  endif
endfunction

function frames = frames_ (err)
% The stack from where the error was raised up to the called function, without our own frames.
  frames = {};
  for k = 1:numel (err.stack)
    name = err.stack(k).name;
    if (strncmp (name, 'lockstep_', 9))
      break;
    endif
    frames{end+1} = sprintf ('%s line %d', name, err.stack(k).line);
  endfor
endfunction
