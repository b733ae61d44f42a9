"""An installation with the small programme, on both databases."""

from support.casting import context, small_url

__all__ = ["context", "small_url"]
