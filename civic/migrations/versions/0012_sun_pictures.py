"""Pictures of placements in the sun of an instant."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sun_picture",
        sa.Column("placement_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("shows", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=True),
        sa.Column("wide", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("placement_id", "shows"),
    )
    op.create_index("ix_sun_picture_wide", "sun_picture", ["wide"])


def downgrade() -> None:
    op.drop_table("sun_picture")
