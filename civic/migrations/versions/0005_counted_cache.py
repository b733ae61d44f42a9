"""The cache of folded votes in a form that is counted fast: numbers of options, in the order of the voters."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, Json

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_PLACES = """
    insert into vote (ballot_id, voter, choices)
    select ballot_id, voter, coalesce((
        select {joined} from (
            select ballot_option.position from {chosen}
            join proposal on proposal.slug = chosen.value
            join ballot_option on ballot_option.proposal_id = proposal.id
                and ballot_option.ballot_id = vote_before.ballot_id
            order by chosen.{order}
        ) as places
    ), '')
    from vote_before
"""
_COPY = {
    "sqlite": _PLACES.format(
        joined="group_concat(position, ' ')", chosen="json_each(vote_before.choices) as chosen", order="key"
    ),
    "postgresql": _PLACES.format(
        joined="string_agg(position::text, ' ')",
        chosen="jsonb_array_elements_text(vote_before.choices) with ordinality as chosen (value, place)",
        order="place",
    ),
}


def upgrade() -> None:
    op.rename_table("vote", "vote_before")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("alter index vote_pkey rename to vote_before_pkey")
    op.create_table(
        "vote",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("ballot_id", "voter"),
        sqlite_with_rowid=False,
    )
    op.execute(_COPY[op.get_bind().dialect.name])
    op.drop_table("vote_before")


def downgrade() -> None:
    op.drop_table("vote")
    op.create_table(
        "vote",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("choices", Json(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["ballot_id"], ["ballot.id"]),
        sa.PrimaryKeyConstraint("ballot_id", "voter"),
    )
