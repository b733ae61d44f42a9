"""Small refusals that all readers share."""

import re

from geodata.ingest.errors import reject
from geodata.ingest.limits import Limits


def at_most(code: str, count: int, limit: int) -> None:
    """Refuse with this code when there are more than the limit."""
    if count > limit:
        reject(code, count=f"{count:,}", limit=f"{limit:,}")


def check_file_size(size: int, limits: Limits) -> None:
    """Refuse more bytes than a file may have."""
    if size > limits.file_bytes:
        reject("file_too_large", size_mb=f"{size / 1e6:.1f}", limit_mb=f"{limits.file_bytes / 1e6:g}")


def plain(name: str) -> str:
    """Make a name from the file safe to stand in a sentence."""
    return re.sub(r"[^\w.\- /]", "?", name)[:64]
