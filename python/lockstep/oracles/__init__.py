"""Who says what the Octave side of a pair gives: a live engine, or a recording of one."""
