"""The number that a city gives a building, by which files that name it otherwise are linked."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import CleanText

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("building", sa.Column("building_id", CleanText(), nullable=True))
    op.create_index("ix_building_building_id", "building", ["building_id"])
    op.execute("update building set building_id = source_id where source_id like '%-bldg-%'")


def downgrade() -> None:
    op.drop_index("ix_building_building_id", "building")
    op.drop_column("building", "building_id")
