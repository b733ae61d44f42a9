"""Messages that are to be planned at a time of the day, and the people who hear them first as a test."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scheduled_message",
        sa.Column("kind", CleanText(), nullable=False),
        sa.Column("ballot", CleanText(), nullable=False),
        sa.Column("installation", BigInt, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("scheduled_by", CleanText(), nullable=False),
        sa.Column("refused", CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "ballot", "installation"),
    )
    op.create_table(
        "message_tester",
        sa.Column("resident_id", BigInt, nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["resident_id"], ["resident.id"]),
        sa.PrimaryKeyConstraint("resident_id"),
    )
    op.create_table(
        "message_tester_word",
        sa.Column("word_hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("word_hash"),
    )


def downgrade() -> None:
    for table in ("message_tester_word", "message_tester", "scheduled_message"):
        op.drop_table(table)
