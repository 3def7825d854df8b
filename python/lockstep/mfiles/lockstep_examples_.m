function found = lockstep_examples_ (name, blocks, functions)
% Run BLOCKS, a cell of structs with setup and lines (cells of text), and return for each the calls
% of the function NAME that it makes: structs with args, nargout, all, random; and its error.
%
% FUNCTIONS is a cell of texts that define functions for all blocks. Each line is run by itself:
% one that is no code is passed over.
  for k = 1:numel (functions)
    eval (functions{k}, '');
  endfor
  try
    set (0, 'defaultfigurevisible', 'off');
  catch
  end_try_catch
  found = cell (1, numel (blocks));
  for k = 1:numel (blocks)
    lockstep_capture_ ('start', name);
    message = run_ (name, blocks{k}.setup, blocks{k}.lines);
    found{k} = struct ('calls', {lockstep_capture_('stop')}, 'message', message);
  endfor
endfunction

function lockstep_message_ = run_ (lockstep_name_, lockstep_setup_, lockstep_lines_)
% Run lines where the name is a variable that holds a handle: it takes the place of the function.
  lockstep_message_ = '';
  for lockstep_k_ = 1:numel (lockstep_setup_)
    eval (lockstep_setup_{lockstep_k_}, '');
  endfor
  eval ([lockstep_name_, ' = @(varargin) lockstep_capture_ (''call'', varargin{:});']);
  for lockstep_k_ = 1:numel (lockstep_lines_)
    try
      eval (lockstep_lines_{lockstep_k_});
    catch lockstep_error_
      lockstep_message_ = lockstep_error_.message;
    end_try_catch
  endfor
endfunction
