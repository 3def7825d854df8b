function c = outerBand(f, gain, offset)
% OUTERBAND  Corrected frequencies.
c = (f + offset) * gain;
c = c - mean(c);
end
