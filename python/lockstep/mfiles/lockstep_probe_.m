function r = lockstep_probe_ (command, request)
% The tracepoint: the condition of a breakpoint that records and is never true.
%
% lockstep_probe_ (PLACE) runs in the frame of a traced function before the line of that number
% and records the variables that the line before it has bound. lockstep_probe_ ('start', REQUEST)
% begins a trace, lockstep_probe_ ('stop') ends it and returns what was recorded.
%
% REQUEST.places has, for each traced line of each function, line, first (whether it is the
% function's first), loop (whether it is the header of a while or the end of a do), names (a cell of
% what it binds), sure (whether it binds them for certain), calls (whether it may bind more),
% caught (whether an error leads to it), turn (a cell with the variable of the for loop whose first
% line it is, or an empty one), keep (a cell of what comes before a call that is evaluated in its
% function, so that ans stays), arguments (a cell, of the function) and known (a cell of names that
% are not looked for, of the function). REQUEST.budget is the number of bytes of values to keep
% whole, REQUEST.small the size of a value that is kept whole all the same, REQUEST.whole the
% numbers of further events whose values are kept whole, REQUEST.samples the elements to keep of
% others, REQUEST.limit how many events to record.
%
% It runs at every line, so what it needs there stands in plain variables. What follows from the
% places (which line bound a value) is left to the reader of the trace.
  persistent places odd bound_by sure turn all_names frame previous more frames events fires;
  persistent values others numbers taken rows_of columns_of;
  persistent named fired place_of frame_of problem limit small bytes;
  r = false;
  if (ischar (command))
    if (strcmp (command, 'start'))
      problem = '';
      frame = previous = [];
      more = cell (1, 100);
      frames = events = fires = bytes = others = taken = 0;
      limit = request.limit;
      small = request.small;
      values = {};
      numbers = zeros (1, 10 * limit);
      rows_of = zeros (1, limit);
      columns_of = ones (1, limit);
      named = fired = zeros (1, limit);
      place_of = frame_of = zeros (1, 2 * limit);
      places = request.places;
      places.budget = request.budget;
      places.samples = request.samples;
      places.whole = false (1, 0);
      places.whole(request.whole) = true;
      odd = places.first | places.loop | places.caught | ! cellfun (@isempty, places.turn);
      [all_names, bound_by] = numbered_ ({}, places.names);
      [all_names, turn] = numbered_ (all_names, places.turn);
      [all_names, places.inputs] = numbered_ (all_names, places.arguments);
      is_function = cellfun (@(name) exist (name) != 0, all_names);
      doubtful = @(ids) any (is_function(ids));
      sure = places.sure & ! places.calls & ! cellfun (doubtful, bound_by);
      places.turn_sure = ! cellfun (doubtful, turn);
    else
      kept = min (events, limit);
      r = struct ('named', named(1:kept), 'fired', fired(1:kept), 'events', events, ...
                  'problem', problem);
      r.place = place_of(1:min (fires, 2 * limit));
      r.frame = frame_of(1:min (fires, 2 * limit));
      r.names = all_names;
      r.sizes = [rows_of(1:kept); columns_of(1:kept)];
      r.numbers = numbers(1:taken);
      r.values = values(1:others);
      clear values numbers rows_of columns_of named fired place_of frame_of places bound_by more;
    endif
    return;
  endif
  try
    stack = dbstack ();
    depth = numel (stack);
    bound = [];
    before = 0;
    again = certain = false;
    if (! odd(command))
      before = previous(depth);
      if (before > 0)
        bound = bound_by{before};
        certain = sure(before);
      endif
    else
      % A while loop fires again before each turn, when the line is still the one executed last.
      again = places.loop(command) && stack(2).line != places.line(command);
      if (places.first(command) && ! again)
        frame(depth) = ++frames;
        more{depth} = {};
        bound = places.inputs{command};
        certain = false;
      else
        before = previous(depth);
        if (before > 0 && ! places.caught(command))
          bound = bound_by{before};
          certain = sure(before);
        endif
      endif
      if (! isempty (turn{command}))
        certain = (isempty (bound) || certain) && places.turn_sure(command);
        bound = [bound, -turn{command}];
      endif
    endif
    if (! certain && before > 0 && places.calls(before))
      news = setdiff (evalin ('caller', [places.keep{command} 'who ()'])', [places.known{before}, more{depth}]);
      more{depth} = [more{depth}, news];
      [all_names, news] = numbered_ (all_names, {news});
      bound = [bound, news{1}];
      certain = false;
    endif
    for id = bound
      name = all_names{abs(id)};
      if (certain || evalin ('caller', [places.keep{command} 'exist ("' name '", "var")']) == 1)
        events++;
        if (events <= limit)
          value = evalin ('caller', name);
          % Small real matrices go into one column of numbers: thousands of values that are kept
          % one by one break Octave's memory into pieces, and that takes longer than all else.
          count = numel (value);
          size_in_bytes = sizeof (value);
          if (size_in_bytes == 8 * count && size_in_bytes <= small && count > 0 ...
              && strcmp (class (value), 'double') && ! issparse (value))
            if (count == 1)
              numbers(++taken) = value;
              rows_of(events) = 1;
            elseif (ndims (value) == 2)
              numbers(taken+1:taken+count) = value(:);
              taken += count;
              rows_of(events) = rows (value);
              columns_of(events) = count / rows (value);
            else
              values{++others} = value;
            endif
          else
            if (size_in_bytes > small)
              if (bytes + size_in_bytes <= places.budget)
                bytes += size_in_bytes;
              elseif (events > numel (places.whole) || ! places.whole(events))
                value = lockstep_digest_ (value, places.samples);
              endif
            endif
            values{++others} = value;
          endif
          named(events) = id;
          fired(events) = fires;
        endif
      endif
    endfor
    fires++;
    if (fires <= 2 * limit)
      frame_of(fires) = frame(depth);
      if (again)
        place_of(fires) = previous(depth) = 0;
      else
        place_of(fires) = previous(depth) = command;
      endif
    endif
  catch err
    problem = err.message;
  end_try_catch
endfunction

function [all_names, ids] = numbered_ (all_names, groups)
% The numbers of names in ALL_NAMES, to which new ones are added, for a cell of cells of names.
  ids = cell (size (groups));
  for k = 1:numel (groups)
    group = groups{k}(:)';
    if (! isempty (group))
      all_names = [all_names, setdiff(group, all_names)];
      [~, ids{k}] = ismember (group, all_names);
    endif
  endfor
endfunction
