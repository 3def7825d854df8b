function y = peakLevel(x, level)
% PEAKLEVEL  A signal scaled so that its largest size is a level.
peak = max(abs(x));
y = x / peak * level;
end
