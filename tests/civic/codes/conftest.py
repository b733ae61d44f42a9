"""The served site of tests/support/site.py."""

from support.site import both_site, open_site, site, site_url, voted_site

__all__ = ["both_site", "open_site", "site", "site_url", "voted_site"]
