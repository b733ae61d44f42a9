"""The menus that LINE has, and the people who are still to be shown one in their language."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import CleanText, UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rich_menu",
        sa.Column("language", CleanText(), nullable=False),
        sa.Column("menu_id", CleanText(), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("language"),
    )
    op.create_table(
        "rich_menu_owed",
        sa.Column("account_key", sa.LargeBinary(), nullable=False),
        sa.Column("wish", CleanText(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=False),
        sa.Column("language", CleanText(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("account_key"),
    )
    op.create_index("ix_rich_menu_owed_not_before", "rich_menu_owed", ["not_before"])


def downgrade() -> None:
    op.drop_table("rich_menu_owed")
    op.drop_table("rich_menu")
