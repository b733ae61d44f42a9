"""The menu below the chat: what it is, how it looks, how LINE comes to have it, and who sees which language."""
