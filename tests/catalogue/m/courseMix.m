function [c, d] = courseMix(v, w, a)
% COURSEMIX  Courses over ground from speeds v, w and an angle.
c = v * cos(a) + w * sin(a);
d = c - mean(c);
end
