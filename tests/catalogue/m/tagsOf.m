function [tags, count] = tagsOf(line)
% TAGSOF  The colours in a line of a style sheet, as they are written: 1e90ff, FFF.
found = regexp(line, '#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})', 'tokens');
count = numel(found);
tags = cell(1, count);
for k = 1:count
  tags{k} = found{k}{1};
end
end
