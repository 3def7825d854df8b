function lockstep_call_ (request_file, reply_file)
% Run the calls that REQUEST_FILE describes, in turn, and write their outcomes to REPLY_FILE.
%
% The request has name (of a function or script), script, apart (whether the call needs no folder of
% the user's, see lockstep_paths_), of each call args and seeds (cells; a seed is [] or a number) and
% nargouts (-1: as many as the function declares), and seconds and bytes: after so much time, or
% output, no further call is begun.
% The reply is a cell of outcomes (see outcome_); what is printed before a call tells its number.
  request = load (request_file).request;
  reply = {};
  size_ = 0;
  timer = builtin ('tic');
  for k = 1:numel (request.args)
    builtin ('printf', "\001%d\001", k);
    builtin ('fflush', 1);
    reply{k} = outcome_ (request, k);
    page_screen_output (false);
    size_ = size_ + builtin ('sizeof', reply{k});
    if (builtin ('toc', timer) > request.seconds || size_ > request.bytes)
      break;
    endif
  endfor
  PS1 ('PEXPECT_PROMPT>');   % lockstep.sides.octave_process waits for it
  save ('-v6', '-mat-binary', reply_file, 'reply');
endfunction

function reply = outcome_ (request, k)
% Run the call of number K: ok, outputs (a cell) or error (message, identifier, stack), and seconds.
  reply = struct ('ok', false, 'seconds', 0);
  reply.outputs = {};
  args = lockstep_decode_ (request.args{k});
  seed = lockstep_decode_ (request.seeds{k});
  lockstep_paths_ (! request.apart);
  try
    if (! isempty (seed))
      rand ('twister', seed);
    endif
    if (request.script)
      timer = builtin ('tic');
      outputs = {lockstep_script_(request.name)};
    else
      n = count_outputs_ (request.name, request.nargouts(k));
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
endfunction

function n = count_outputs_ (name, n)
  if (n < 0)
    try
      n = builtin ('nargout', name);
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
