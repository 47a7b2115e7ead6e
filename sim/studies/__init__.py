"""Studies: many runs, executed on all cores, stopped in time, compared."""
