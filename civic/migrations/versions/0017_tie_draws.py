"""The public value that a tie is drawn by, named before it is known, and the draw itself."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ballot", sa.Column("beacon", Json(), nullable=True))
    op.create_table(
        "tie_draw",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("beacon", CleanText(), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.Column("named_by", CleanText(), nullable=False),
        sa.Column("root", CleanText(), nullable=False),
        sa.Column("value", CleanText(), nullable=True),
        sa.Column("source", CleanText(), nullable=True),
        sa.Column("drawn_at", UtcDateTime(), nullable=True),
        sa.Column("drawn_by", CleanText(), nullable=True),
        sa.Column("lots", Json(), nullable=True),
        sa.Column("selected", Json(), nullable=True),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("ballot_id"),
    )


def downgrade() -> None:
    op.drop_table("tie_draw")
    op.drop_column("ballot", "beacon")
