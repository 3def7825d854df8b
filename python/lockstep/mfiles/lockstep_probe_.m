function r = lockstep_probe_ (command, request)
% The tracepoint: the condition of a breakpoint that records and is never true.
%
% lockstep_probe_ () runs in the frame of a traced function before each of its lines and records
% the variables that the line before it has bound. lockstep_probe_ ('start', REQUEST) begins a
% trace, lockstep_probe_ ('stop') ends it and returns what was recorded.
% REQUEST.functions is a cell of structs with name (FILE>FUNCTION of a local one), own_name, file,
% arguments (a cell of names), lines (ascending),
% names (a cell of names for each line), sure (for each line, whether it binds them for certain),
% all_names, calls (logical), caught (for each line, whether an error leads to it), loop_line and
% loop_name (for each line, the for loop whose first line it is, or 0). REQUEST.budget is the
% number of bytes of values to keep whole, REQUEST.small the size of a value that is kept whole all
% the same, REQUEST.whole the numbers of further events whose values are kept whole,
% REQUEST.samples the elements to keep of others, REQUEST.limit how many events to record.
%
% It runs at every line, so what it needs there stands in plain variables.
  persistent index files lines at_line names ids sure calls caught loop_line loop_id inputs;
  persistent known_names all_names frame previous known frames events visits bytes;
  persistent values where flow problem limit small budget whole samples;
  r = false;
  if (nargin > 0)
    if (strcmp (command, 'start'))
      problem = '';
      frame = previous = [];
      known = values = cell (1, 1000);
      frames = events = visits = bytes = 0;
      where = zeros (5, 1000);
      flow = zeros (3, 1000);
      limit = request.limit;
      small = request.small;
      budget = request.budget;
      samples = request.samples;
      whole = false (1, 0);
      whole(request.whole) = true;
      index = struct ();
      all_names = {};
      for k = 1:numel (request.functions)
        f = request.functions{k};
        if (! isfield (index, f.own_name))
          index.(f.own_name) = [];
        endif
        index.(f.own_name)(end+1) = k;
        known_names{k} = f.all_names;
        files{k} = f.file;
        lines{k} = f.lines;
        at_line{k}(f.lines) = 1:numel (f.lines);
        names{k} = f.names;
        [all_names, ids{k}] = numbered_ (all_names, f.names);
        [all_names, loop_id{k}] = numbered_ (all_names, num2cell (f.loop_name));
        [all_names, inputs{k}] = numbered_ (all_names, {f.arguments});
        for n = find (f.sure)
          sure{k}(n) = all (cellfun (@(name) exist (name) == 0, f.names{n}));
        endfor
        sure{k}(numel (f.lines) + 1) = false;
        calls{k} = f.calls;
        caught{k} = f.caught;
        loop_line{k} = f.loop_line;
      endfor
    else
      kept = min (events, limit);
      r = struct ('where', where(:,1:kept), 'flow', flow(:,1:min (visits, limit)), ...
                  'events', events, 'visits', visits, 'problem', problem);
      r.names = all_names;
      r.values = values(1:kept);
      clear values where flow names ids sure calls caught loop_line loop_id inputs at_line;
      clear lines files known_names;
    endif
    return;
  endif
  try
    stack = dbstack ();
    depth = numel (stack);
    top = stack(2);
    f = index.(top.name);
    if (numel (f) > 1)   % local functions of several files
      f = f(strcmp (files(f), top.file));
    endif
    at = at_line{f}(top.line);
    again = certain = false;
    bound = [];
    bound_at = 0;
    if (at == 1)
      frame(depth) = ++frames;
      known{depth} = {};
      bound = inputs{f}{1};
    else
      before = previous(depth);
      if (before > 0)
        bound_at = lines{f}(before);
        % A while loop fires again before each turn, with the line that was executed last.
        again = before == at && loop_line{f}(at) == 0;
        if (! caught{f}(at))
          bound = ids{f}{before};
          certain = sure{f}(before);
        endif
        if (calls{f}(before))
          more = setdiff (evalin ('caller', 'who ()')', ...
                          [known_names{f}, known{depth}, {'ans', 'lockstep_seen_'}]);
          known{depth} = [known{depth}, more];
          [all_names, more] = numbered_ (all_names, {more});
          bound = [bound, more{1}];
        endif
      endif
    endif
    text_bound = numel (bound);
    if (loop_line{f}(at) > 0)
      bound(end+1) = loop_id{f}{at};
      certain = false;
    endif
    for k = 1:numel (bound)
      name = all_names{bound(k)};
      if (certain || evalin ('caller', ['exist ("' name '", "var")']) == 1)
        n = events + 1;
        if (n <= limit)
          value = evalin ('caller', name);
          size_in_bytes = sizeof (value);
          if (size_in_bytes > small)
            if (bytes + size_in_bytes <= budget)
              bytes += size_in_bytes;
            elseif (n > numel (whole) || ! whole(n))
              value = lockstep_digest_ (value, samples);
            endif
          endif
          if (n > numel (values))
            values{2*n} = [];
            where(5,2*n) = 0;
          endif
          values{n} = value;
          if (k > text_bound)
            where(:,n) = [f; frame(depth); loop_line{f}(at); visits; bound(k)];
          else
            where(:,n) = [f; frame(depth); bound_at; visits; bound(k)];
          endif
        endif
        events = n;
      endif
    endfor
    if (again)
      previous(depth) = 0;
      return;
    endif
    previous(depth) = at;
    n = ++visits;
    if (n <= limit)
      if (n > columns (flow))
        flow(3,2*n) = 0;
      endif
      flow(:,n) = [f; frame(depth); top.line];
    endif
  catch err
    problem = err.message;
  end_try_catch
endfunction

function [all_names, ids] = numbered_ (all_names, groups)
% The numbers of names in ALL_NAMES, to which new ones are added, for a cell of cells of names.
  ids = cell (size (groups));
  for k = 1:numel (groups)
    group = cellstr (groups{k});
    group = group(! cellfun (@isempty, group));
    all_names = [all_names, setdiff(group(:)', all_names)];
    [~, ids{k}] = ismember (group(:)', all_names);
  endfor
endfunction
