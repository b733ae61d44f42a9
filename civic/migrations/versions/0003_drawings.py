"""Drawings of placements: pictures and scenes."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drawing",
        sa.Column("placement_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("inputs_sha256", CleanText(), nullable=False),
        sa.Column("surroundings", CleanText(), nullable=False),
        sa.Column("document", Json(), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["placement_id"], ["placement.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("placement_id"),
    )
    op.create_index("ix_drawing_inputs_sha256", "drawing", ["inputs_sha256"])
    op.create_index("ix_drawing_surroundings", "drawing", ["surroundings"])
    op.create_table(
        "picture",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("placement_id", BigInt, nullable=False),
        sa.Column("camera", CleanText(), nullable=False),
        sa.Column("wide", CleanText(), nullable=False),
        sa.Column("square", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["placement_id"], ["drawing.placement_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("placement_id", "camera", name="picture_camera"),
    )
    op.create_index("ix_picture_wide", "picture", ["wide"])
    op.create_index("ix_picture_square", "picture", ["square"])


def downgrade() -> None:
    op.drop_table("picture")
    op.drop_table("drawing")
