"""Campaigns for a whole city: each letter once, chunks by language with packed numbers, and how far a campaign is.

Counts of earlier campaigns stay. What they had not sent is given up: the residents it was for have gone with the
revision before this one.
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import CleanText, Json

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = sa.Enum(
        "running", "stopped", "done", name="campaign_state", native_enum=False, create_constraint=True, length=24
    )
    with op.batch_alter_table("campaign") as campaign:
        campaign.add_column(sa.Column("state", state, nullable=False, server_default="done"))
        campaign.add_column(sa.Column("planned_by", CleanText(), nullable=False, server_default=""))
    op.create_table(
        "campaign_letter",
        sa.Column("campaign_id", CleanText(), nullable=False),
        sa.Column("language", CleanText(), nullable=False),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"]),
        sa.PrimaryKeyConstraint("campaign_id", "language"),
    )
    op.drop_index("ix_delivery_chunk_state", "delivery_chunk")
    with op.batch_alter_table("delivery_chunk") as chunk:
        chunk.add_column(sa.Column("language", CleanText(), nullable=False, server_default="ja"))
        for count in ("people", "gone", "refused"):
            chunk.add_column(sa.Column(count, sa.Integer(), nullable=False, server_default="0"))
        chunk.add_column(sa.Column("accepted_request_id", CleanText(), nullable=True))
    length = "json_array_length" if op.get_bind().dialect.name == "sqlite" else "jsonb_array_length"
    op.execute(f"update delivery_chunk set people = {length}(residents)")  # noqa: S608 - our own words
    op.execute("update delivery_chunk set state = 'refused' where state in ('pending', 'quota')")
    with op.batch_alter_table("delivery_chunk") as chunk:
        chunk.drop_column("messages")
        chunk.drop_column("residents")
    with op.batch_alter_table("delivery_chunk") as chunk:
        chunk.add_column(sa.Column("residents", sa.LargeBinary(), nullable=True))
    op.create_index("delivery_chunk_due", "delivery_chunk", ["state", "campaign_id", "seq"])


def downgrade() -> None:
    """Counts of people have no place in the earlier form, nor have the letters of what still waits."""
    op.drop_index("delivery_chunk_due", "delivery_chunk")
    with op.batch_alter_table("delivery_chunk") as chunk:
        for column in ("language", "people", "gone", "refused", "accepted_request_id", "residents"):
            chunk.drop_column(column)
    with op.batch_alter_table("delivery_chunk") as chunk:
        chunk.add_column(sa.Column("messages", sa.LargeBinary(), nullable=False, server_default=""))
        chunk.add_column(sa.Column("residents", Json(), nullable=False, server_default="[]"))
    op.create_index("ix_delivery_chunk_state", "delivery_chunk", ["state"])
    op.drop_table("campaign_letter")
    with op.batch_alter_table("campaign") as campaign:
        campaign.drop_constraint("campaign_state", type_="check")
        campaign.drop_column("planned_by")
        campaign.drop_column("state")
