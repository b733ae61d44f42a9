"""The record of a decision: its versions, its form, and polls held elsewhere beside it."""
