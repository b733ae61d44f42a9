"""The page of a count: every number with its reason, on the screen and on paper."""
