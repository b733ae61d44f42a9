"""What is on a site, the days it is given away, and what a placement weighs and how long it stays."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_day_use",
        sa.Column("site_id", BigInt, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("note", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"]),
        sa.PrimaryKeyConstraint("site_id", "year"),
    )
    op.add_column("site", sa.Column("layers", Json(), nullable=False, server_default="{}"))
    op.add_column("placement", sa.Column("mass_kg", sa.Float(), nullable=True))
    op.add_column("placement", sa.Column("days", sa.Integer(), nullable=True))
    op.add_column("placement", sa.Column("checked_at", UtcDateTime(), nullable=True))
    op.execute(
        "update placement set checked_at ="
        " (select written_at from proposal_version where proposal_version.id = placement.version_id)"
    )


def downgrade() -> None:
    for column in ("checked_at", "days", "mass_kg"):
        op.drop_column("placement", column)
    op.drop_column("site", "layers")
    op.drop_table("site_day_use")
