"""Decisions in versions, with conditions and next steps, append-only; memos of the office; outside polls."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime, append_only_ddl

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_FIRST_VERSIONS = (
    "insert into decision select id, ballot_id, decided_at, actor, selected, reason, differs, 1, '', '', '' "
    "from decision_before"
)
_NEWEST_VERSIONS = (
    "insert into decision select id, ballot_id, decided_at, actor, selected, reason, differs "
    "from decision_before as newest where version = "
    "(select max(version) from decision_before as every where every.ballot_id = newest.ballot_id)"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        _add_columns()
    else:
        _make_again(
            *_new_columns(),
            sa.UniqueConstraint("ballot_id", "version", name="decision_version_once"),
            filled=_FIRST_VERSIONS,
        )
    _forbid_changes("decision")
    op.create_table(
        "decision_memo",
        sa.Column("decision_id", BigInt, nullable=False),
        sa.Column("text", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"]),
        sa.PrimaryKeyConstraint("decision_id"),
    )
    _create_polls()


def downgrade() -> None:
    for table in ("outside_poll_retraction", "outside_poll", "decision_memo"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        _drop_columns()
    else:
        _make_again(sa.UniqueConstraint("ballot_id"), filled=_NEWEST_VERSIONS)


def _new_columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("conditions", CleanText(), nullable=False),
        sa.Column("next_steps", CleanText(), nullable=False),
        sa.Column("changed_because", CleanText(), nullable=False),
    )


def _add_columns() -> None:
    for column in _new_columns():
        column.server_default = sa.DefaultClause("1" if column.name == "version" else "")
        op.add_column("decision", column)
        op.alter_column("decision", column.name, server_default=None)
    op.drop_constraint("decision_ballot_id_key", "decision", type_="unique")
    op.create_unique_constraint("decision_version_once", "decision", ["ballot_id", "version"])


def _drop_columns() -> None:
    op.execute("drop trigger decision_append_only on decision")
    op.execute("drop function decision_append_only()")
    op.drop_constraint("decision_version_once", "decision", type_="unique")
    op.create_unique_constraint("decision_ballot_id_key", "decision", ["ballot_id"])
    for column in _new_columns():
        op.drop_column("decision", column.name)


def _make_again(*parts: sa.Column[Any] | sa.Constraint, filled: str) -> None:
    """SQLite cannot change constraints: the rows wait in a copy while the table is made again under its name.

    What points at them is asked for again at the end of the transaction, when they are back.
    """
    op.execute("pragma defer_foreign_keys = on")
    op.execute("create table decision_before as select * from decision")
    op.drop_table("decision")
    op.create_table(
        "decision",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("selected", Json(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        *parts,
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute(filled)
    op.drop_table("decision_before")


def _create_polls() -> None:
    op.create_table(
        "outside_poll",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("title", CleanText(), nullable=False),
        sa.Column("source", CleanText(), nullable=False),
        sa.Column("held_on", CleanText(), nullable=False),
        sa.Column("counts", Json(), nullable=False),
        sa.Column("note", CleanText(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outside_poll_ballot_id", "outside_poll", ["ballot_id"])
    op.create_table(
        "outside_poll_retraction",
        sa.Column("poll_id", BigInt, nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("retracted_at", UtcDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["outside_poll.id"]),
        sa.PrimaryKeyConstraint("poll_id"),
    )
    for table in ("outside_poll", "outside_poll_retraction"):
        _forbid_changes(table)


def _forbid_changes(table: str) -> None:
    for statement in append_only_ddl(table)[op.get_bind().dialect.name]:
        op.execute(statement)
