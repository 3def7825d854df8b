"""Where a port is wrong, why, and what mends it. May import all folders but `reports`."""
