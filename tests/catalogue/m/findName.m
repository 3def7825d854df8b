function k = findName(names, wanted)
% FINDNAME  The last of the names that is the wanted one, whatever its case.
k = 0;
for i = 1:numel(names)
  if strcmpi(names{i}, wanted)
    k = i;
  end
end
end
