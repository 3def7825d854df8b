function reply = lockstep_each_ (name, counts, nargouts, head, columns, others, seconds)
% Call the function NAME several times, with small matrices that come, and go, packed.
%
% COUNTS has the number of arguments of each call, NARGOUTS that of its outputs (-1: all declared).
% HEAD has a row for each argument: class (0: it is the next of OTHERS), rows, columns, and whether
% it is complex; its numbers are the next of the column of that class in COLUMNS. Outputs come back
% in the same way: the fields ok, counts, head, columns, others, and errors (cells of message and
% identifier). After so many SECONDS no further call is begun.
  at = ones (1, numel (columns));
  row = other = 1;
  n_calls = numel (counts);
  ok = false (1, n_calls);
  all_outputs = errors = cell (1, n_calls);
  declared = declared_ (name);
  timer = tic ();
  done = 0;
  for k = 1:n_calls
    args = cell (1, counts(k));
    for n = 1:counts(k)
      class_ = head(row,1);
      if (class_ == 0)
        args{n} = others{other};
        other += 1;
      else
        size_ = head(row,2) * head(row,3);
        first = at(class_);
        value = reshape (columns{class_}(first:first+size_-1), head(row,2), head(row,3));
        first += size_;
        if (head(row,4))
          value = complex (value, reshape (columns{class_}(first:first+size_-1), size (value)));
          first += size_;
        endif
        at(class_) = first;
        args{n} = value;
      endif
      row += 1;
    endfor
    n_out = nargouts(k);
    if (n_out < 0)
      n_out = declared;
    endif
    outputs = cell (1, n_out);
    try
      if (n_out == 0)
        feval (name, args{:});
      else
        [outputs{:}] = feval (name, args{:});
      endif
      ok(k) = true;
      all_outputs{k} = outputs;
    catch err
      all_outputs{k} = {};
      errors{k} = {err.message, err.identifier};
    end_try_catch
    done = k;
    if (toc (timer) > seconds)
      break;
    endif
  endfor
  all_outputs = all_outputs(1:done);
  reply = packed_ ([all_outputs{:}]);
  reply.ok = ok(1:done);
  reply.counts = cellfun ('numel', all_outputs);
  reply.errors = errors(1:done);
endfunction

function n = declared_ (name)
% As many outputs as the function declares; varargout need not be set, unless there is nothing else.
  try
    n = nargout (name);
    if (n < 0)
      n = -n - 1 + (n == -1);
    endif
  catch
    n = 1;
  end_try_catch
endfunction

function packed = packed_ (values)
  values = values(:)';
  classes = {'double', 'logical', 'single'};
  which = zeros (size (values));
  small = cellfun ('ndims', values) == 2 & cellfun ('isreal', values);
  for k = 1:numel (classes)
    these = find (small & cellfun ('isclass', values, classes{k}));
    these(cellfun (@issparse, values(these))) = [];
    which(these) = k;
  endfor
  columns = cell (1, numel (classes));
  for k = 1:numel (classes)
    columns{k} = zeros (0, 1);
    if (any (which == k))
      parts = cellfun (@vec, values(which == k), 'UniformOutput', false);
      columns{k} = vertcat (parts{:});
    endif
  endfor
  packed = struct ('columns', {columns});
  packed.head = [which; cellfun('size', values, 1); cellfun('size', values, 2)]';
  packed.others = values(which == 0);
endfunction
