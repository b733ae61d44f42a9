"""The checks, by what they look at; each gives one Check, or None when it lacks a fact."""
