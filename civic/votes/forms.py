"""What a form in a browser means: the operations that lead from the choices it showed to those that came back.

Pure; no session, no clock. A form carries what it showed, so it asks only for the differences: what a tap in the
chat changed meanwhile stays. Its operations are named by the form and by what it asks for, so that sending the
same form twice changes nothing, and sending it again with other ticks is heard.
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from civic.kernel.errors import InvalidInput
from civic.votes.operations import Step
from civic.votes.rules import Folded, Tap, Terms

_NUMBER = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_DIGEST_LENGTH = 8

Wish = Literal["choose", "none", "withdraw"]


@dataclass(frozen=True, slots=True)
class VoteForm:
    """A form as it came back: its ULID, what the pressed button says, and proposals as shown and as ticked.

    ``shown`` is the voter's vote when the page was made; ``ticked`` stands in the order of the page and means
    something only for ``choose``.
    """

    number: str
    wish: Wish
    shown: tuple[str, ...]
    ticked: tuple[str, ...]

    @property
    def changes(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The operations, each with its choices. What is taken out goes first, so that nothing is pushed out."""
        if self.wish != "choose":
            return ((self.wish, ()),)
        removed = [
            ("remove", (proposal,)) for proposal in dict.fromkeys(self.shown) if proposal not in self.ticked
        ]
        added = [("add", (proposal,)) for proposal in dict.fromkeys(self.ticked) if proposal not in self.shown]
        return (*removed, *added)

    @property
    def submission(self) -> str:
        """What the event ids of the operations begin with. No id of LINE's has a dot."""
        asked = " ".join(" ".join((op, *choices)) for op, choices in self.changes)
        return f"{self.number}.{hashlib.sha256(asked.encode()).hexdigest()[:_DIGEST_LENGTH]}"

    def steps(self, at_ms: int, channel: str) -> tuple[Step, ...]:
        """The operations of one moment in a channel.

        Their event ids sort in the order of the form, which the fold follows.
        """
        return tuple(
            Step(channel, op, choices, f"{self.submission}.{index:03}", at_ms)
            for index, (op, choices) in enumerate(self.changes)
        )


def is_form_number(text: str) -> bool:
    """Whether the text is a ULID, as each form gets one."""
    return _NUMBER.fullmatch(text) is not None


def belongs_to(tap: Tap, submission: str) -> bool:
    """Whether an operation came with this submission of a form."""
    return tap.event_id.startswith(f"{submission}.")


def moment_of_form(taps: Iterable[Tap], now_ms: int, terms: Terms) -> int:
    """The time of a form's operations: now, but after all that the voter's log already holds of the open ballot.

    LINE's clock may be up to a minute ahead of ours, and ours may be set back; a form sent after a tap still comes
    after it in the fold.
    """
    latest = max((tap.at_ms for tap in taps if tap.at_ms < terms.closes_ms), default=0)
    return max(now_ms, latest + 1)


def check_form(form: VoteForm, terms: Terms, at_ms: int) -> None:
    """InvalidInput, saying what to do, when the ticks cannot be the voter's vote at this time."""
    if form.wish != "choose":
        return
    ticked = set(form.ticked)
    if not terms.options.issuperset(ticked.union(form.shown)):
        raise InvalidInput(
            "option_unknown", "この投票にない案が選ばれています。いまの案から選び直して、もう一度送ってください。"
        )
    if any(at_ms >= terms.withdrawn.get(proposal, at_ms + 1) for proposal in ticked):
        raise InvalidInput(
            "option_withdrawn",
            "選んだ案のひとつが、投票から取り下げられました。残っている案を確かめて、もう一度送ってください。",
        )
    if len(ticked) > terms.max_approvals:
        raise InvalidInput(
            "too_many",
            "{n}個の案を選んでいます。選べるのは{most}個までです。{over}個はずして、もう一度送ってください。",
            n=len(ticked),
            most=terms.max_approvals,
            over=len(ticked) - terms.max_approvals,
        )
    if not ticked and not form.shown:
        raise InvalidInput(
            "nothing_ticked",
            "案がひとつも選ばれていません。案を選んでから送るか、「どれも選ばない」を押してください。",
        )


def is_as_asked(form: VoteForm, vote: Folded | None) -> bool:
    """Whether a vote is what the form asked for; a tap or another form in between may have changed it."""
    match form.wish:
        case "none":
            return vote is not None and vote.blank
        case "withdraw":
            return vote is None
        case _:
            return set(form.ticked) == set(vote.choices if vote else ())
