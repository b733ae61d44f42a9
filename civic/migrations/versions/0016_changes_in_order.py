"""When residents changed what they decide about themselves, and how chunks end that are not sent any more.

Each change carries the time of its event, so an older one that arrives late undoes nothing. A stop of before
counts as of when the friendship last changed: that is the latest that is known of it.
"""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, Json

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

TIMES = ("stopped_ms", "resumed_ms", "language_changed_ms", "relations_changed_ms")
ASIDE = sa.text("state = 'quarantined'")
STATES = ("pending", "sent", "already", "refused", "quota", "unknown")
ENDED = ("expired", "given_up")


def upgrade() -> None:
    with op.batch_alter_table("resident") as resident:
        for name in TIMES:
            resident.add_column(sa.Column(name, BigInt, nullable=False, server_default="0"))
        resident.add_column(sa.Column("relation_times", Json(), nullable=False, server_default="{}"))
    op.execute("update resident set stopped_ms = follow_changed_ms where messages_stopped")
    with op.batch_alter_table("resident_opt_out") as opt_out:
        opt_out.add_column(sa.Column("refused", sa.Boolean(), nullable=False, server_default=sa.true()))
        opt_out.add_column(sa.Column("changed_ms", BigInt, nullable=False, server_default="0"))
    _allow(*STATES, *ENDED)
    op.create_index("line_inbox_aside", "line_inbox", ["received_ms"], sqlite_where=ASIDE, postgresql_where=ASIDE)


def downgrade() -> None:
    """Kinds that are wanted again have no row in the earlier form; what was given up counts as refused there."""
    op.drop_index("line_inbox_aside", "line_inbox")
    op.execute("update delivery_chunk set state = 'refused' where state in ('expired', 'given_up')")
    _allow(*STATES)
    op.execute("delete from resident_opt_out where not refused")
    with op.batch_alter_table("resident_opt_out") as opt_out:
        opt_out.drop_column("changed_ms")
        opt_out.drop_column("refused")
    with op.batch_alter_table("resident") as resident:
        for name in (*TIMES, "relation_times"):
            resident.drop_column(name)


def _allow(*states: str) -> None:
    """The states that a chunk may be in."""
    listed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("delivery_chunk") as chunk:
        chunk.drop_constraint("delivery_chunk_state", type_="check")
        chunk.create_check_constraint("delivery_chunk_state", f"state IN ({listed})")
