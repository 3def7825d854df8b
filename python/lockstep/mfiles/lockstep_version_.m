function [octave, blas] = lockstep_version_ ()
% The versions of Octave and of its BLAS.
  octave = version ();
  blas = version ('-blas');
endfunction
