"""What people record beside a result: what a decision comes to, and polls held elsewhere. Pure; no session."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from civic.ballots.queries import Law
from civic.kernel.clock import JST
from civic.kernel.errors import Conflict, InvalidInput
from civic.tallies.tables import Tally

LONGEST_LINE = 200
MOST_COUNTS = 100
MOST_VOTES = 2**53 - 1
"""Beyond this, readers of JSON that know only doubles would silently change the number."""

Places = list[dict[str, Any]]


@dataclass(frozen=True)
class Words:
    """What is written beside a decision and its reason; ``memo`` stays in the office, the rest is published."""

    conditions: str = ""
    next_steps: str = ""
    memo: str = ""


NO_WORDS = Words()


@dataclass(frozen=True)
class Correction:
    """What takes the place of version ``of_version`` of a decision, and why."""

    of_version: int
    proposals: Sequence[str]
    because: str


@dataclass(frozen=True)
class PollDraft:
    """A poll held elsewhere, as typed; ``held_on`` is an ISO date, ``counts`` are votes by proposal or by name."""

    title: str
    source: str
    held_on: str
    counts: Mapping[str, int]
    note: str = ""


def require_counted(slug: str, tally: Tally | None) -> Tally:
    """The result of a ballot. Conflict while there is none."""
    if tally is None:
        raise Conflict(
            "tally_missing", "投票「{ballot}」の集計がまだありません。確定するまで待ってください。", ballot=slug
        )
    return tally


def decided_places(law: Law, result: Mapping[str, Any], proposals: Sequence[str]) -> Places:
    """Where the decided proposals will stand, each named once.

    InvalidInput when none is named, or one that is not on the ballot.
    """
    if not proposals:
        raise InvalidInput("nothing_chosen", "決めた案を選んでください。")
    return [place for proposal in dict.fromkeys(proposals) for place in _places(law, result, proposal)]


def differs_from(result: Mapping[str, Any], places: Places) -> bool:
    """Whether a decision is another one than the result: another proposal, or another site."""
    return _standing(result["selected"]) != _standing(places)


def check_poll(poll: PollDraft, now: datetime) -> None:
    """InvalidInput unless a poll has a title, a source, a day that has come, and numbers."""
    for line in (poll.title, poll.source, *poll.counts):
        if not line or len(line) > LONGEST_LINE:
            raise InvalidInput(
                "poll_line",
                "題名、出どころ、答えの名前を、それぞれ {longest} 文字までで書いてください。",
                longest=LONGEST_LINE,
            )
    if not 0 < len(poll.counts) <= MOST_COUNTS or not all(0 <= n <= MOST_VOTES for n in poll.counts.values()):
        raise InvalidInput(
            "poll_counts", "数を、1行に1つ「名前: 数」の形で、{most} 行まで書いてください。", most=MOST_COUNTS
        )
    if not _has_come(poll.held_on, now):
        raise InvalidInput("poll_day", "行われた日を「2026-10-20」の形で、今日までの日付にしてください。")


def _has_come(day: str, now: datetime) -> bool:
    try:
        return date.fromisoformat(day) <= now.astimezone(JST).date()
    except ValueError:
        return False


def _standing(places: Sequence[Mapping[str, Any]]) -> set[tuple[str, str]]:
    return {(place["proposal"], place["site"]) for place in places}


def _places(law: Law, result: Mapping[str, Any], proposal: str) -> Places:
    """Where a proposal won, else its cheapest site."""
    options = [option for option in law.document["options"] if option["proposal"] == proposal]
    if not options or proposal in law.withdrawn:
        raise InvalidInput(
            "option_unknown",
            "「{proposal}」はこの投票の候補にありません。候補の名前を確かめてください。",
            proposal=proposal,
        )
    won: Places = [place for place in result["selected"] if place["proposal"] == proposal]
    if won:
        return won
    cheapest = min(options[0]["placements"], key=lambda place: (place["cost_yen"], place["site"]))
    return [{"proposal": proposal, "site": cheapest["site"], "cost_yen": cheapest["cost_yen"]}]
