"""How robust a result is, beside the result."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, Json, UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tally_study",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.Column("report", Json(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("ballot_id"),
    )


def downgrade() -> None:
    op.drop_table("tally_study")
