"""An installation with the small programme, on both databases."""

from support.casting import small_url

__all__ = ["small_url"]
