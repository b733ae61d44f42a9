"""Column types that mean the same on SQLite and PostgreSQL."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

from civic.kernel.bidi import balanced
from civic.kernel.errors import InvalidInput

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64-bit integer; SQLite makes a key of it only under the name INTEGER."""


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An instant. Naive times are refused; SQLite, which forgets the zone, hands UTC back like PostgreSQL."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC. Raises ValueError on a naive time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class CleanText(sa.TypeDecorator[str]):
    """Unicode text in NFC without NUL, which PostgreSQL cannot store."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To NFC. InvalidInput on NUL and lone surrogates."""
        return None if value is None else clean_text(value)


class Json(sa.TypeDecorator[Any]):
    """A JSON value whose texts are clean (NFC, no NUL, no lone surrogate)."""

    impl = sa.JSON
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """JSONB on PostgreSQL, text elsewhere."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else sa.JSON())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """With every text cleaned. InvalidInput like CleanText."""
        return _clean_json(value)


def clean_text(text: str) -> str:
    """NFC, with balanced isolates (kernel.bidi). InvalidInput when the text has NUL or half a surrogate pair."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InvalidInput(
            "text_not_storable",
            "文字列に使えない文字（NUL など）が入っています。その文字を消してから、もう一度送ってください。",
        )
    return balanced(unicodedata.normalize("NFC", text))


def choice(name: str, *values: str) -> sa.Enum:
    """Text that is one of ``values``, kept by a CHECK constraint of that name on both databases."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def append_only(table: sa.Table) -> None:
    """Forbid UPDATE and DELETE on a table by triggers, whoever connects."""
    for dialect, statements in append_only_ddl(table.name).items():
        for statement in statements:
            ddl = sa.DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
            sa.event.listen(table, "after_create", ddl)


def append_only_ddl(table: str) -> dict[str, list[str]]:
    """The statements that make a table append-only, for each dialect."""
    message = f"{table} is append-only"
    sqlite = [
        f"create trigger {table}_no_{verb} before {verb} on {table} begin select raise(abort, '{message}'); end"
        for verb in ("update", "delete")
    ]
    postgres = [
        f"create or replace function {table}_append_only() returns trigger language plpgsql as "
        f"$$ begin raise exception '{message}'; end $$",
        f"create trigger {table}_append_only before update or delete or truncate on {table} "
        f"for each statement execute function {table}_append_only()",
    ]
    return {"sqlite": sqlite, "postgresql": postgres}


def _clean_json(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean_json(item) for item in value]
    return value
