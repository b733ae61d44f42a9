"""How robust a result is: pure functions from merged votes to the numbers of a ``Study``.

Nothing here changes a result. Whatever would show what fewer than ten people chose stays hidden (``cells``).
docs/methods.md says what each number means, and what it does not.
"""
