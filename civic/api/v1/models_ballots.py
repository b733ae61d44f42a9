"""The shapes of ballots and results in the API."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from civic.api.v1.models import BallotState, Instant, Sha256, Texts, Yen


class ManifestPlacement(BaseModel):
    """A frozen placement; numbers are decimal text, as they were hashed."""

    site: str
    lon: str
    lat: str
    heading_deg: str
    base_m: str
    scale: str
    cost_yen: Yen


class ManifestOption(BaseModel):
    """A frozen option."""

    proposal: str
    version: int
    title: Texts
    model_sha256: Sha256
    placements: list[ManifestPlacement]


class Manifest(BaseModel):
    """The law of an opened ballot. Its canonical JSON (sorted keys, no spaces, UTF-8) has ``manifest_sha256``."""

    v: int
    tie: list[str]
    beacon: Annotated[
        Texts | None,
        Field(
            description="Public value that draws ties, in words; absent where none was named",
            exclude_if=lambda texts: texts is None,
        ),
    ] = None
    ballot: str
    programme: str
    title: Texts
    method: str
    method_options: dict[str, Any]
    budget_yen: Yen | None
    max_approvals: int
    audience: str
    opens_at: str
    closes_at: str
    late_grace_s: int
    languages: list[str]
    options: list[ManifestOption]


class NoticeOut(BaseModel):
    """A public notice about an opened ballot: all that may still change about it."""

    kind: Literal["closing", "extension", "correction", "withdrawal", "cancellation"]
    at: Instant
    closes_at: str | None = None
    proposal: str | None = None
    wrong: str | None = None
    right: str | None = None
    reason: str | None = None


class BallotOut(BaseModel):
    """A ballot. Until it opens there is no manifest, no hash and no turnout."""

    slug: str
    programme: str
    title: Texts
    state: BallotState
    opens_at: Instant
    closes_at: Instant
    late_grace_s: int
    method: str
    budget_yen: Yen | None
    max_approvals: int
    options: Annotated[list[str], Field(description="Slugs of the proposals, in the order of the ballot")]
    manifest: Manifest | None
    manifest_sha256: Sha256 | None
    notices: list[NoticeOut]
    turnout: Annotated[int | None, Field(ge=0, description="People who took part; no count of any choice")]


class SelectedOut(BaseModel):
    """A proposal at a site."""

    proposal: str
    site: str
    cost_yen: Yen


class TieOut(BaseModel):
    """A tie that votes and cost do not break."""

    between: list[str]
    sites: list[str]
    reason: Literal["equal_at_site", "not_all_fit"]


class DrawOut(BaseModel):
    """A drawn lot. Each lot is SHA-256(manifest_sha256, inputs_sha256 (32 bytes each), value, proposal)."""

    beacon: Annotated[str, Field(description="Which public value, as it was named before anybody knew it")]
    value: str
    source: str
    drawn_at: Instant
    lots: Annotated[dict[str, Sha256], Field(description="By proposal; among level ones the smallest comes first")]


class DecisionOut(BaseModel):
    """What people decided, beside the computed result; ``differs`` says that it is another one.

    A correction is a new version with a reason for the change; every version stays in the exported result.
    """

    version: Annotated[int, Field(ge=1)]
    decided_at: Instant
    selected: list[SelectedOut]
    reason: str
    differs: bool
    conditions: str
    next_steps: str
    changed_because: Annotated[str, Field(description="Why it replaced the version before; empty in the first")]


class StepOut(BaseModel):
    """A step of an installation."""

    at: Instant
    status: str
    note: str


class InstallationOut(BaseModel):
    """How far a decided proposal has come at a site."""

    proposal: str
    site: str
    status: Literal["adopted", "permit", "making", "installed", "removed", "evaluated"]
    steps: list[StepOut]


class ResultsOut(BaseModel):
    """The frozen result of a sealed ballot, with the hash of everything that went in."""

    ballot: str
    status: Literal["final", "tie_pending", "no_result"]
    method: str
    method_version: int
    voters: int
    blank: int
    late: int
    invalid: int
    channels: Annotated[
        dict[Literal["line", "web", "code", "paper"], int],
        Field(description="Voters by where they voted last; adds up to `voters`; empty for results of before"),
    ] = {}
    assurance: Annotated[
        dict[Literal["account", "in_person"], int],
        Field(description="Voters by what stands for one person; adds up to `voters`"),
    ] = {}
    approvals: Annotated[dict[str, int], Field(description="Votes by proposal")]
    selected: list[SelectedOut]
    ties: list[TieOut]
    draw: Annotated[DrawOut | None, Field(description="How `ties` were drawn; null while they were not")] = None
    compared: Annotated[dict[str, list[str]], Field(description="What every method selects")]
    computed_at: Instant
    manifest_sha256: Sha256
    inputs_sha256: Sha256
    decision: DecisionOut | None
    installations: list[InstallationOut]
