"""What is written about a sealed ballot: published facts only, so that every file may be handed on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from civic.kernel.i18n import localized

Texts = Mapping[str, str]


@dataclass(frozen=True)
class SiteCost:
    """A site that an option could stand on, with its cost there in yen."""

    site: str
    title: Texts
    cost_yen: int


@dataclass(frozen=True)
class OptionRecord:
    """A frozen option; ``withdrawn`` is the reason when it was taken off the ballot, else None."""

    proposal: str
    title: Texts
    version: int
    model_sha256: str
    places: tuple[SiteCost, ...]
    withdrawn: str | None


@dataclass(frozen=True)
class DecisionRecord:
    """A version of the decision, without the name of who recorded it and without the office's memo."""

    version: int
    decided_at: datetime
    selected: tuple[Mapping[str, Any], ...]
    differs: bool
    reason: str
    conditions: str
    next_steps: str
    changed_because: str


@dataclass(frozen=True)
class PollRecord:
    """A poll held elsewhere; its numbers are never added to the votes."""

    title: str
    source: str
    held_on: str
    counts: Mapping[str, int]
    note: str


@dataclass(frozen=True)
class ResultRecord:
    """The frozen result of a ballot with everything published about it.

    ``report`` is the effective one: with the drawn lot, if a tie was drawn. ``decisions`` are newest first.
    """

    programme: str
    ballot: str
    title: Texts
    opens_at: datetime
    closes_at: datetime
    max_approvals: int
    budget_yen: int | None
    method_options: Mapping[str, Any]
    report: Mapping[str, Any]
    computed_at: datetime
    manifest_sha256: str
    inputs_sha256: str
    options: tuple[OptionRecord, ...]
    decisions: tuple[DecisionRecord, ...]
    polls: tuple[PollRecord, ...]

    @property
    def selected(self) -> Sequence[Mapping[str, Any]]:
        """What the count selected: proposal, site and cost."""
        places: Sequence[Mapping[str, Any]] = self.report["selected"]
        return places

    @property
    def decision(self) -> DecisionRecord | None:
        """The decision as it stands."""
        return next(iter(self.decisions), None)

    def proposal_title(self, slug: str, lang: str) -> str:
        """A proposal's title, or its slug when it has none here."""
        titles = {option.proposal: option.title for option in self.options}
        return localized(titles.get(slug, {}), lang) or slug

    def site_title(self, slug: str, lang: str) -> str:
        """A site's title, or its slug when it has none here."""
        titles = {place.site: place.title for option in self.options for place in option.places}
        return localized(titles.get(slug, {}), lang) or slug
