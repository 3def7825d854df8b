function [octave, blas] = lockstep_version_ ()
% The versions of Octave and of its BLAS.
  octave = OCTAVE_VERSION ();
  blas = __blas_version__ ();
endfunction
