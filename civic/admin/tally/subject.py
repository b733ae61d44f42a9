"""What every part of the tally page is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civic.ballots.queries import Law
from civic.kernel.i18n import translate
from civic.tallies.robustness.types import Study
from civic.web.results import Names


@dataclass(frozen=True)
class Subject:
    """A sealed ballot: its law, effective report and names, its study once made, and the reader's language."""

    law: Law
    report: Mapping[str, Any]
    study: Study | None
    names: Names
    lang: str

    @property
    def voters(self) -> int:
        """Everybody with a vote, blank ones too."""
        voters: int = self.report["voters"]
        return voters

    @property
    def approvals(self) -> Mapping[str, int]:
        """The votes of each proposal that stands."""
        approvals: Mapping[str, int] = self.report["approvals"]
        return approvals

    @property
    def selected(self) -> list[dict[str, Any]]:
        """The winners, each with site and cost."""
        selected: list[dict[str, Any]] = self.report["selected"]
        return selected

    @property
    def won(self) -> frozenset[str]:
        """The winning proposals."""
        return frozenset(place["proposal"] for place in self.selected)

    def title(self, proposal: str) -> str:
        """What a proposal is called."""
        return self.names.proposal(proposal, self.lang)

    def says(self, sentence: str, /, **values: object) -> str:
        """A sentence in the reader's language, one that ``kernel.i18n.marked`` named."""
        return translate(self.lang, sentence, **values)

    def votes(self, number: int) -> str:
        """So many votes, in words."""
        return translate(self.lang, "{n}票", n=f"{number:,}")

    def votes_named(self, number: int) -> str:
        """The same where nothing around it says that these are votes."""
        return translate(self.lang, "得票 {n}票", n=f"{number:,}")

    def people(self, number: int) -> str:
        """So many people, in words."""
        return translate(self.lang, "{n}人", n=f"{number:,}")

    def placements(self) -> dict[str, list[tuple[str, int]]]:
        """By site in the order of the law: what could stand there, and its cost; without what was withdrawn."""
        found: dict[str, list[tuple[str, int]]] = {}
        for option in self.law.document["options"]:
            if option["proposal"] not in self.law.withdrawn:
                for place in option["placements"]:
                    found.setdefault(place["site"], []).append((option["proposal"], place["cost_yen"]))
        return found


def share_words(part: int, whole: int) -> str:
    """A share in percent with one decimal, rounded half up; a dash of nothing."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}%"
