"""First release."""

import sqlalchemy as sa
from alembic import op

from civic.kernel.db.types import BigInt, CleanText, Json, UtcDateTime, append_only_ddl

APPEND_ONLY = ("audit_entry", "ballot_notice", "installation_step", "vote_log")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", CleanText(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("verb", CleanText(), nullable=False),
        sa.Column("subject", CleanText(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_subject"), ["subject"], unique=False)

    op.create_table(
        "campaign",
        sa.Column("id", CleanText(), nullable=False),
        sa.Column("kind", CleanText(), nullable=False),
        sa.Column("subject", CleanText(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kind", "subject", name="campaign_once"),
    )
    op.create_table(
        "job",
        sa.Column("id", CleanText(), nullable=False),
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("payload", Json(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued", "done", "failed", name="job_state", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", CleanText(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_state"), ["state"], unique=False)

    op.create_table(
        "lease",
        sa.Column("name", CleanText(), nullable=False),
        sa.Column("holder", CleanText(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "line_inbox",
        sa.Column("event_key", sa.LargeBinary(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "done",
                "quarantined",
                name="line_inbox_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", CleanText(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("received_ms", BigInt, nullable=False),
        sa.PrimaryKeyConstraint("event_key"),
    )
    with op.batch_alter_table("line_inbox", schema=None) as batch_op:
        batch_op.create_index(
            "line_inbox_pending",
            ["received_ms"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "outbox_reply",
        sa.Column("id", CleanText(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sent",
                "refused",
                "expired",
                "failed",
                name="outbox_reply_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("messages", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("outbox_reply", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_reply_state"), ["state"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column("area", sa.LargeBinary(), nullable=False),
        sa.Column("files", Json(), nullable=False),
        sa.Column("source", CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "resident",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("line_id_hash", sa.LargeBinary(), nullable=False),
        sa.Column("line_id_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", CleanText(), nullable=False),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("follow_changed_ms", BigInt, nullable=False),
        sa.Column("consent_version", CleanText(), nullable=True),
        sa.Column("consented_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("line_id_hash"),
    )
    op.create_table(
        "site",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "ground",
                "deck",
                "underground",
                name="site_level",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("boundary", sa.LargeBinary(), nullable=False),
        sa.Column("ground_m", sa.Float(), nullable=False),
        sa.Column("manager", CleanText(), nullable=True),
        sa.Column("land_type", CleanText(), nullable=True),
        sa.Column("special_regime", CleanText(), nullable=True),
        sa.Column("rules", Json(), nullable=False),
        sa.Column("files", Json(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    op.create_table(
        "ballot",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("programme_id", BigInt, nullable=False),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column("method", CleanText(), nullable=False),
        sa.Column("method_options", Json(), nullable=False),
        sa.Column("budget_yen", BigInt, nullable=True),
        sa.Column("max_approvals", sa.Integer(), nullable=False),
        sa.Column("audience", CleanText(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("late_grace_s", sa.Integer(), nullable=False),
        sa.Column("languages", Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("plan", Json(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "scheduled",
                "open",
                "closed",
                "sealed",
                "decided",
                "cancelled",
                name="ballot_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("manifest", sa.LargeBinary(), nullable=True),
        sa.Column("manifest_sha256", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("slug"),
    )
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ballot_programme_id"), ["programme_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ballot_state"), ["state"], unique=False)

    op.create_table(
        "delivery_chunk",
        sa.Column("id", CleanText(), nullable=False),
        sa.Column("campaign_id", CleanText(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("retry_key", CleanText(), nullable=False),
        sa.Column("messages", sa.LargeBinary(), nullable=False),
        sa.Column("residents", Json(), nullable=False),
        sa.Column("body_sha256", CleanText(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "sent",
                "already",
                "refused",
                "quota",
                "unknown",
                name="delivery_chunk_state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("first_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("request_id", CleanText(), nullable=True),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["campaign.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("campaign_id", "seq", name="delivery_chunk_seq"),
        sa.UniqueConstraint("retry_key"),
    )
    with op.batch_alter_table("delivery_chunk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_chunk_state"), ["state"], unique=False)

    op.create_table(
        "programme_site",
        sa.Column("programme_id", BigInt, nullable=False),
        sa.Column("site_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.PrimaryKeyConstraint("programme_id", "site_id"),
    )
    op.create_table(
        "stage",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("programme_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "intake",
                "session",
                "review",
                "ballot",
                "decision",
                "delivery",
                "feedback",
                name="stage_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_programme_id"), ["programme_id"], unique=False)

    op.create_table(
        "workshop",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("programme_id", BigInt, nullable=False),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "slug", name="workshop_slug"),
    )
    op.create_table(
        "ballot_notice",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "closing",
                "extension",
                "correction",
                "withdrawal",
                "cancellation",
                name="ballot_notice_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("data", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"],
            ["ballot.id"],
        ),
        sa.PrimaryKeyConstraint("ballot_id", "seq"),
    )
    op.create_table(
        "decision",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("actor", CleanText(), nullable=False),
        sa.Column("selected", Json(), nullable=False),
        sa.Column("reason", CleanText(), nullable=False),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"],
            ["ballot.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ballot_id"),
    )
    op.create_table(
        "tally",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("computed_at", UtcDateTime(), nullable=False),
        sa.Column("report", Json(), nullable=False),
        sa.Column("inputs_sha256", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"],
            ["ballot.id"],
        ),
        sa.PrimaryKeyConstraint("ballot_id"),
    )
    op.create_table(
        "vote",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("choices", Json(), nullable=False),
        sa.Column("blank", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"],
            ["ballot.id"],
        ),
        sa.PrimaryKeyConstraint("ballot_id", "voter"),
    )
    op.create_table(
        "vote_log",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("event_id", CleanText(), nullable=False),
        sa.Column("voter", sa.LargeBinary(), nullable=False),
        sa.Column("at_ms", BigInt, nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "line",
                "web",
                "paper",
                name="vote_log_channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "op",
            sa.Enum(
                "add",
                "remove",
                "none",
                "withdraw",
                "set",
                name="vote_log_op",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("choices", CleanText(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", CleanText(), nullable=False),
        sa.Column("received_ms", BigInt, nullable=False),
        sa.ForeignKeyConstraint(
            ["ballot_id"],
            ["ballot.id"],
        ),
        sa.PrimaryKeyConstraint("ballot_id", "event_id"),
        sa.UniqueConstraint("receipt"),
    )
    with op.batch_alter_table("vote_log", schema=None) as batch_op:
        batch_op.create_index("vote_log_voter", ["ballot_id", "voter"], unique=False)

    op.create_table(
        "workshop_group",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("workshop_id", BigInt, nullable=False),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("title", Json(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workshop_id"],
            ["workshop.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("workshop_id", "slug", name="workshop_group_slug"),
    )
    op.create_table(
        "installation",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("decision_id", BigInt, nullable=False),
        sa.Column("proposal", CleanText(), nullable=False),
        sa.Column("site", CleanText(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "adopted",
                "permit",
                "making",
                "installed",
                "removed",
                "evaluated",
                name="installation_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["decision.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("decision_id", "proposal", "site", name="installation_once"),
    )
    op.create_table(
        "proposal",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("programme_id", BigInt, nullable=False),
        sa.Column("group_id", BigInt, nullable=True),
        sa.Column("slug", CleanText(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"],
            ["workshop_group.id"],
        ),
        sa.ForeignKeyConstraint(
            ["programme_id"],
            ["programme.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("programme_id", "slug", name="proposal_slug"),
    )
    op.create_table(
        "installation_step",
        sa.Column("installation_id", BigInt, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "adopted",
                "permit",
                "making",
                "installed",
                "removed",
                "evaluated",
                name="installation_step_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", CleanText(), nullable=False),
        sa.ForeignKeyConstraint(
            ["installation_id"],
            ["installation.id"],
        ),
        sa.PrimaryKeyConstraint("installation_id", "seq"),
    )
    op.create_table(
        "proposal_version",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("model", CleanText(), nullable=False),
        sa.Column("facts", Json(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("proposal_id", "number", name="proposal_version_number"),
    )
    op.create_table(
        "ballot_option",
        sa.Column("ballot_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("proposal_id", BigInt, nullable=False),
        sa.Column("version_id", BigInt, nullable=True),
        sa.ForeignKeyConstraint(
            ["ballot_id"],
            ["ballot.id"],
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"],
            ["proposal.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["proposal_version.id"],
        ),
        sa.PrimaryKeyConstraint("ballot_id", "position"),
        sa.UniqueConstraint("ballot_id", "proposal_id", name="ballot_option_once"),
    )
    op.create_table(
        "placement",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("version_id", BigInt, nullable=False),
        sa.Column("site_id", BigInt, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("heading_deg", sa.Float(), nullable=False),
        sa.Column("base_m", sa.Float(), nullable=False),
        sa.Column("scale", sa.Float(), nullable=False),
        sa.Column("cost_yen", BigInt, nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "pass",
                "warn",
                "fail",
                name="placement_verdict",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("checks", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_id"],
            ["site.id"],
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["proposal_version.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_placement_version_id"), ["version_id"], unique=False)
    for table in APPEND_ONLY:
        for statement in append_only_ddl(table)[op.get_bind().dialect.name]:
            op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table("placement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_placement_version_id"))

    op.drop_table("placement")
    op.drop_table("ballot_option")
    op.drop_table("proposal_version")
    op.drop_table("installation_step")
    op.drop_table("proposal")
    op.drop_table("installation")
    op.drop_table("workshop_group")
    with op.batch_alter_table("vote_log", schema=None) as batch_op:
        batch_op.drop_index("vote_log_voter")

    op.drop_table("vote_log")
    op.drop_table("vote")
    op.drop_table("tally")
    op.drop_table("decision")
    op.drop_table("ballot_notice")
    op.drop_table("workshop")
    with op.batch_alter_table("stage", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stage_programme_id"))

    op.drop_table("stage")
    op.drop_table("programme_site")
    with op.batch_alter_table("delivery_chunk", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_chunk_state"))

    op.drop_table("delivery_chunk")
    with op.batch_alter_table("ballot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ballot_state"))
        batch_op.drop_index(batch_op.f("ix_ballot_programme_id"))

    op.drop_table("ballot")
    op.drop_table("site")
    op.drop_table("resident")
    op.drop_table("programme")
    with op.batch_alter_table("outbox_reply", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_reply_state"))

    op.drop_table("outbox_reply")
    with op.batch_alter_table("line_inbox", schema=None) as batch_op:
        batch_op.drop_index(
            "line_inbox_pending",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.drop_table("line_inbox")
    op.drop_table("lease")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_job_state"))

    op.drop_table("job")
    op.drop_table("campaign")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject"))

    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"drop function {table}_append_only()")
