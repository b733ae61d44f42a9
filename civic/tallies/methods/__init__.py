"""Tally methods: pure functions from a ``TallyInput`` to an ``Outcome``, in exact integers.

Nothing here knows a database, a clock or another package of ours, so a stranger can read the rule by
which a vote was decided and run it again. docs/methods.md says each rule in words.
"""
