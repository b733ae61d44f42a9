"""The served site of tests/support/site.py."""

from support.site import open_site, site, voted_site

__all__ = ["open_site", "site", "voted_site"]
