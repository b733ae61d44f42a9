"""The append-only vote log, and the fold that turns a voter's operations into a vote."""
