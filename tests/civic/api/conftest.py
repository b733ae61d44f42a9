"""The served site of tests/support/site.py."""

from support.site import both_site, migrated_sqlite, open_site, site, voted_site

__all__ = ["both_site", "migrated_sqlite", "open_site", "site", "voted_site"]
