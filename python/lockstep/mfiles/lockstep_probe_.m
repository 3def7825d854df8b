function r = lockstep_probe_ (command, request)
% The tracepoint: the condition of a breakpoint that records and is never true.
%
% lockstep_probe_ () runs in the frame of a traced function before each of its lines and records
% the variables that the line before it has bound. lockstep_probe_ ('start', REQUEST) begins a
% trace, lockstep_probe_ ('stop') ends it and returns what was recorded.
% REQUEST.functions is a cell of structs with name (FILE>FUNCTION of a local one), own_name, file,
% arguments (a cell of names), lines (ascending),
% names (a cell of names for each line), all_names, calls (logical), loop_line and loop_name (for
% each line, the for loop whose first line it is, or 0). REQUEST.budget is the number of bytes of
% values to keep whole, REQUEST.small the size of a value that is kept whole all the same,
% REQUEST.samples the elements to keep of others, REQUEST.limit how many events to record.
  persistent plan frame previous known counts names values where flow problem
  r = false;
  if (nargin > 0)
    if (strcmp (command, 'start'))
      plan = with_index_ (request);
      frame = previous = [];
      known = {};
      counts = struct ('frames', 0, 'events', 0, 'visits', 0, 'bytes', 0);
      names = values = cell (1, 1000);
      where = zeros (4, 1000);
      flow = zeros (3, 1000);
      problem = '';
    else
      events = min (counts.events, plan.limit);
      visits = min (counts.visits, plan.limit);
      r = struct ('where', where(:,1:events), 'flow', flow(:,1:visits), ...
                  'events', counts.events, 'visits', counts.visits, 'problem', problem);
      r.names = names(1:events);
      r.values = values(1:events);
      clear plan names values where flow;
    endif
    return;
  endif
  try
    stack = dbstack ();
    which = plan.index.(stack(2).name);
    if (numel (which) > 1)   % local functions of several files
      which = which(strcmp (plan.files(which), stack(2).file));
    endif
    f = plan.functions{which};
    depth = numel (stack);
    line = stack(2).line;
    at = f.at(line);
    again = false;
    if (at == 1)
      counts.frames++;
      frame(depth) = counts.frames;
      known{depth} = {};
      bound_at = 0;
      bound = f.arguments;
    else
      before = previous(depth);
      % A while loop fires again before each turn, with the line that was executed last.
      again = before == at && f.loop_line(at) == 0;
      bound_at = 0;
      bound = {};
      if (before > 0)
        bound_at = f.lines(before);
        bound = f.names{before};
        if (f.calls(before))
          more = setdiff (evalin ('caller', 'who ()')', [f.all_names, known{depth}]);
          known{depth} = [known{depth}, more];
          bound = [bound, more];
        endif
      endif
    endif
    text_bound = numel (bound);
    if (f.loop_line(at) > 0)
      bound{end+1} = f.loop_name{at};
    endif
    for k = 1:numel (bound)
      name = bound{k};
      if (evalin ('caller', ['exist ("' name '", "var")']) == 1)
        n = ++counts.events;
        if (n <= plan.limit)
          value = evalin ('caller', name);
          bytes = sizeof (value);
          if (bytes > plan.small && counts.bytes + bytes > plan.budget)
            value = lockstep_digest_ (value, plan.samples);
          else
            counts.bytes += bytes;
          endif
          if (n > numel (names))
            names{2*n} = values{2*n} = [];
            where(4,2*n) = 0;
          endif
          names{n} = name;
          values{n} = value;
          if (k > text_bound)
            where(:,n) = [which; frame(depth); f.loop_line(at); counts.visits];
          else
            where(:,n) = [which; frame(depth); bound_at; counts.visits];
          endif
        endif
      endif
    endfor
    if (again)
      previous(depth) = 0;
      return;
    endif
    previous(depth) = at;
    n = ++counts.visits;
    if (n <= plan.limit)
      if (n > columns (flow))
        flow(3,2*n) = 0;
      endif
      flow(:,n) = [which; frame(depth); line];
    endif
  catch err
    problem = err.message;
  end_try_catch
endfunction

function plan = with_index_ (plan)
  plan.index = struct ();
  plan.files = {};
  for k = 1:numel (plan.functions)
    f = plan.functions{k};
    if (! isfield (plan.index, f.own_name))
      plan.index.(f.own_name) = [];
    endif
    plan.index.(f.own_name)(end+1) = k;
    plan.files{k} = f.file;
    plan.functions{k}.at(f.lines) = 1:numel (f.lines);
  endfor
endfunction
