"""The database: SQLite when embedded, PostgreSQL when large. Every difference between them ends here."""

from civic.kernel.db.engine import Database, open_database, sync_url
from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime, append_only, choice, clean_text

__all__ = [
    "BigInt",
    "CleanText",
    "Database",
    "Json",
    "UtcDateTime",
    "append_only",
    "choice",
    "clean_text",
    "open_database",
    "sync_url",
]
