function [pos, frame, upstream] = motifSites(dna, motif)
% MOTIFSITES  Sites of a motif in a strand, their reading frames (1 to 3)
%   and the base that stands before each of them ('-' at the start).
dna = upper(dna);
pos = strfind(dna, upper(motif));
frame = zeros(size(pos));
upstream = '';
for k = 1:numel(pos)
    frame(k) = mod(pos(k) - 1, 3) + 1;
    if pos(k) > 1
        upstream = [upstream dna(pos(k) - 1)];
    else
        upstream = [upstream '-'];
    end
end
end
