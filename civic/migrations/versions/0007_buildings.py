"""The buildings of the city, as PLATEAU surveyed them."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_HEIGHT_SOURCES = ("measured", "lod1", "parts", "storeys", "assumed")
_FOOTPRINT_SOURCES = ("lod0_footprint", "lod0_roof_edge", "lod1", "lod2", "outline")


def upgrade() -> None:
    op.create_table(
        "building",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("source_id", CleanText(), nullable=False),
        sa.Column("footprint", sa.LargeBinary(), nullable=False),
        sa.Column("footprint_source", _one_of("building_footprint_source", _FOOTPRINT_SOURCES), nullable=False),
        sa.Column("min_lon", sa.Float(), nullable=False),
        sa.Column("min_lat", sa.Float(), nullable=False),
        sa.Column("max_lon", sa.Float(), nullable=False),
        sa.Column("max_lat", sa.Float(), nullable=False),
        sa.Column("height_m", sa.Float(), nullable=False),
        sa.Column("height_source", _one_of("building_height_source", _HEIGHT_SOURCES), nullable=False),
        sa.Column("ground_m", sa.Float(), nullable=True),
        sa.Column("storeys", sa.Integer(), nullable=True),
        sa.Column("usage", CleanText(), nullable=True),
        sa.Column("mesh", CleanText(), nullable=True),
        sa.Column("data_year", sa.Integer(), nullable=True),
        sa.Column("imported_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("source_id"),
    )
    op.create_index("building_box", "building", ["min_lon", "min_lat", "max_lon", "max_lat"])


def downgrade() -> None:
    op.drop_table("building")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
