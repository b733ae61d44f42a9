"""What the operations share: names in paths, and the refusals that are documented with them."""

from typing import Annotated, Any

from fastapi import Path, Query

from civic.kernel.ids import SLUG
from civic.web import Refusal

_PATTERN = f"^{SLUG.pattern}$"

ProgrammeSlug = Annotated[str, Path(pattern=_PATTERN, description="Slug of a programme")]
ProposalSlug = Annotated[str, Path(pattern=_PATTERN, description="Slug of a proposal")]
BallotSlug = Annotated[str, Path(pattern=_PATTERN, description="Slug of a ballot")]
ProgrammeFilter = Annotated[str, Query(pattern=_PATTERN, description="Slug of a programme")]

UNAVAILABLE: dict[int | str, dict[str, Any]] = {
    503: {"model": Refusal, "description": "The database does not answer; try again after Retry-After seconds"},
}
NAMED: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "No such published object"},
    422: {"model": Refusal, "description": "The name is no slug (a-z, 0-9 and hyphens, at most 64)"},
    **UNAVAILABLE,
}
