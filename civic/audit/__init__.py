"""Who did what: an append-only trail of actions by people and commands. Votes have a log of their own."""
