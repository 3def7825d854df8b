function recorded = lockstep_recorded_ (copies, names, before)
% End a trace: return what lockstep_value_ recorded, and undo what lockstep_tracing_ did.
%
% Small real matrices come as one column of numbers for each class: the field kind says of each
% value which (0: it is one of the others), rows and columns its size.
  recorded = lockstep_value_ (0, -3);
  rmpath (copies{:});
  for k = 1:numel (names)
    clear (names{k});
  end
  all_values = recorded.values;
  recorded.rows = cellfun (@(v) size (v, 1), all_values);
  recorded.columns = cellfun (@(v) size (v, 2), all_values);
  small = cellfun (@(v) (isnumeric (v) || islogical (v)) && isreal (v) && ~issparse (v) ...
                        && ndims (v) == 2 && numel (v) <= 512, all_values);
  kind = zeros (size (all_values));
  classes = {'double', 'logical', 'char', 'single'};
  numbers = cell (1, numel (classes));
  for k = 1:numel (classes)
    these = small & cellfun (@(v) isa (v, classes{k}), all_values);
    kind(these) = k;
    columns = cellfun (@(v) double (v(:)), all_values(these), 'UniformOutput', false);
    numbers{k} = vertcat (zeros (0, 1), columns{:});
  end
  recorded.kind = kind;
  recorded.numbers = numbers;
  recorded.others = all_values(kind == 0);
  recorded = rmfield (recorded, 'values');
end
