function S = gammaSpectrum(cube, gain)
% GAMMASPECTRUM  Energy spectra of a scan, energies x rows x columns, from
%   counts that are stored as rows x columns x energies.
S = permute(cube, [3 1 2]);
S = S * gain;
end
