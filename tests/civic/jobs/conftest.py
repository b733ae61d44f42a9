"""An installation with the small programme."""

from support.casting import context, small_url, sqlite_context

__all__ = ["context", "small_url", "sqlite_context"]
