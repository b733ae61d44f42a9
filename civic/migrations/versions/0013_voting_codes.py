"""Code cards for people without LINE, and their channel in the vote log."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, append_only_ddl

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_CHANNELS = ("line", "web", "code", "paper")
_CHANNELS_BEFORE = ("line", "web", "paper")
_OPERATIONS = ("add", "remove", "none", "withdraw", "set")


def upgrade() -> None:
    op.create_table(
        "voting_code",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("place", CleanText(), nullable=False),
        sa.Column("state", _one_of("voting_code_state", ("ok", "test", "void")), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    op.create_index("voting_code_batch", "voting_code", ["ballot_id", "batch"])
    _allow(_CHANNELS)


def downgrade() -> None:
    _allow(_CHANNELS_BEFORE)
    op.drop_table("voting_code")


def _allow(channels: tuple[str, ...]) -> None:
    """The channels that the log may hold. Without the new one it cannot be gone back to once it was used."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("vote_log_channel", "vote_log", type_="check")
        op.create_check_constraint("vote_log_channel", "vote_log", sa.column("channel").in_(channels))
    else:
        _make_again(channels)


def _make_again(channels: tuple[str, ...]) -> None:
    """SQLite cannot change constraints: a new table takes over the rows, the indexes and the triggers."""
    op.drop_index("vote_log_voter", table_name="vote_log")
    op.rename_table("vote_log", "vote_log_before")
    op.create_table(
        "vote_log",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("event_id", CleanText(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", BigInt, nullable=False),
        sa.Column("channel", _one_of("vote_log_channel", channels), nullable=False),
        sa.Column("op", _one_of("vote_log_op", _OPERATIONS), nullable=False),
        sa.Column("choices", CleanText(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", CleanText(), nullable=False),
        sa.Column("received_ms", BigInt, nullable=False),
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
