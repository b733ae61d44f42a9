"""The waiting events of the inbox in the order of their turns, so that a batch reads no more than itself."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'pending'")


def upgrade() -> None:
    _index("attempts", "received_ms")


def downgrade() -> None:
    _index("received_ms")


def _index(*columns: str) -> None:
    op.drop_index("line_inbox_pending", "line_inbox")
    op.create_index("line_inbox_pending", "line_inbox", columns, sqlite_where=WAITING, postgresql_where=WAITING)
