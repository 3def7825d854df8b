"""The page: a run, and traces of cases, in one file for a browser. May import `reports`."""
