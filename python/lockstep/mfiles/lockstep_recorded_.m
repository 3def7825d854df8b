function recorded = lockstep_recorded_ (~, names, before)
% End a trace: return what lockstep_value_ recorded, and undo what lockstep_tracing_ did.
% The folders of the copies, which come first, are known to lockstep_paths_.
%
% Small real matrices come as one column of numbers for each class, which is a hundred times faster
% than one by one: the field kind says of each value which (0: it is one of the others), rows and
% columns its size.
  recorded = lockstep_value_ (0, -3);
  lockstep_argument_ (0, 0);
  lockstep_part_ (0, 0);
  lockstep_moved_ (0, 0);
  if (! isempty (before))
    lockstep_paths_ (before);
  endif
  lockstep_paths_ ({});
  clear ('-f', 'lockstep_value_');
  clear ('-f', 'lockstep_moved_');
  for k = 1:numel (names)
    clear ('-f', names{k});
  endfor
  values = recorded.values;
  recorded.rows = cellfun ('size', values, 1);
  recorded.columns = cellfun ('size', values, 2);
  small = cellfun ('isreal', values) & cellfun ('ndims', values) == 2 ...
          & recorded.rows .* recorded.columns <= 512;
  kind = zeros (size (values));
  classes = {'double', 'logical', 'char', 'single'};
  columns = cell (1, numel (classes));
  for k = 1:numel (classes)
    these = find (small & cellfun ('isclass', values, classes{k}));
    if (k <= 2)
      these(cellfun (@issparse, values(these))) = [];
    endif
    kind(these) = k;
    columns{k} = one_column_ (values(these));
  endfor
  recorded.kind = kind;
  recorded.numbers = columns;
  recorded.others = values(kind == 0);
  recorded = rmfield (recorded, 'values');
endfunction

function column = one_column_ (values)
  column = zeros (0, 1);
  if (! isempty (values))
    columns = cellfun (@vec, values, 'UniformOutput', false);
    column = double (vertcat (columns{:}));
  endif
endfunction
