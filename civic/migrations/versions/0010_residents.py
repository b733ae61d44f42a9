"""What residents may choose, how often the code of a place was used, and account numbers sealed as one block.

Numbers of residents are never given twice (``sqlite_autoincrement``), since the frozen list of a campaign names
people by them.
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime
from civic.residents.accounts import sealed_by_trial_release

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _refuse_earlier_seals()
    op.drop_table("resident")
    _create_residents(
        sa.Column("messages_stopped", sa.Boolean(), nullable=False),
        sa.Column("relations", Json(), nullable=False),
        numbers_once=True,
    )
    op.create_table(
        "resident_opt_out",
        sa.Column("resident_id", BigInt, nullable=False),
        sa.Column("kind", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id", "kind"),
    )
    op.create_table(
        "place_arrival",
        sa.Column("place", CleanText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("place", "day"),
    )


def downgrade() -> None:
    """The former release cannot open what this one sealed: friends have to follow again."""
    for table in ("place_arrival", "resident_opt_out", "resident"):
        op.drop_table(table)
    _create_residents(numbers_once=False)


def _refuse_earlier_seals() -> None:
    """Accounts that were sealed another way cannot be sealed anew here, where the secret is not at hand."""
    residents = op.get_bind().scalar(sa.text("select count(*) from resident"))
    if residents:
        raise sealed_by_trial_release(residents)


def _create_residents(*more: sa.Column[object], numbers_once: bool) -> None:
    op.create_table(
        "resident",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("line_id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("line_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", CleanText(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("follow_changed_ms", BigInt, nullable=False),
        sa.Column("consent_version", CleanText(), nullable=True),
        sa.Column("consented_at", UtcDateTime(), nullable=True),
        *more,
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id_hash"),
        sqlite_autoincrement=numbers_once,
    )
