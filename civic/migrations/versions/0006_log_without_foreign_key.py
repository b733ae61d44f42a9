"""The vote log no longer points at the ballot by a foreign key.

PostgreSQL locks the ballot's row for every row of the log, in every process that takes votes. A row of the log can
only be made for a ballot that is there, since its id is read from there; and an opened ballot is never removed.
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, append_only_ddl

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FOREIGN_KEY = "vote_log_ballot_id_fkey"
_CHANNELS = ("line", "web", "paper")
_OPERATIONS = ("add", "remove", "none", "withdraw", "set")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(_FOREIGN_KEY, "vote_log", type_="foreignkey")
    else:
        _make_again()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.create_foreign_key(_FOREIGN_KEY, "vote_log", "ballot", ["ballot_id"], ["id"])
    else:
        _make_again(sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]))


def _make_again(*constraints: sa.Constraint) -> None:
    """SQLite cannot change constraints: a new table takes over the rows, the indexes and the triggers."""
    op.drop_index("vote_log_voter", table_name="vote_log")
    op.rename_table("vote_log", "vote_log_before")
    op.create_table(
        "vote_log",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("event_id", CleanText(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", BigInt, nullable=False),
        sa.Column("channel", _one_of("vote_log_channel", _CHANNELS), nullable=False),
        sa.Column("op", _one_of("vote_log_op", _OPERATIONS), nullable=False),
        sa.Column("choices", CleanText(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", CleanText(), nullable=False),
        sa.Column("received_ms", BigInt, nullable=False),
        *constraints,
        sa.PrimaryKeyConstraint("ballot_id", "event_id"),
        sa.UniqueConstraint("receipt"),
    )
    op.execute("insert into vote_log select * from vote_log_before")
    op.drop_table("vote_log_before")
    op.create_index("vote_log_voter", "vote_log", ["ballot_id", "voter"])
    for statement in append_only_ddl("vote_log")["sqlite"]:
        op.execute(statement)


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
