"""What stands beside the computed result: the decision, polls held elsewhere, and how to count again."""

from collections.abc import Mapping, Sequence
from datetime import date

from civic.admin.tally.pages import DecisionLine, Fact, OutsideView, RecountWays, Table
from civic.admin.tally.subject import Subject
from civic.kernel.i18n import translate
from civic.tallies.tables import Decision, OutsidePoll
from civic.web.recounting import tally_command
from civic.web.results import places_in_words
from civic.web.times import calendar_day, moment


def decision_line(subject: Subject, decision: Decision | None) -> DecisionLine | None:
    """The decision as it stands, if there is one."""
    if decision is None:
        return None
    return DecisionLine(
        at=moment(decision.decided_at, subject.lang),
        places=places_in_words(decision.selected, subject.names, subject.lang),
        reason=decision.reason,
        differs=decision.differs,
        version=decision.version,
        conditions=decision.conditions,
        next_steps=decision.next_steps,
    )


def outside_views(subject: Subject, polls: Sequence[OutsidePoll]) -> tuple[OutsideView, ...]:
    """Polls held elsewhere, each with a table of its own: never added to the result."""
    return tuple(_outside(subject, poll, number) for number, poll in enumerate(polls, 1))


def _outside(subject: Subject, poll: OutsidePoll, number: int) -> OutsideView:
    counts: Mapping[str, int] = poll.counts
    lang = subject.lang
    title = f"{number}. {poll.title}"  # two polls may have one title
    return OutsideView(
        title=title,
        facts=(
            Fact(translate(lang, "出典"), poll.source),
            Fact(translate(lang, "行った日"), calendar_day(date.fromisoformat(poll.held_on), lang)),
        ),
        note=poll.note,
        table=Table(
            name=f"outside-{number}",
            title=translate(lang, "{poll}（この投票には足しません）", poll=title),
            headings=(translate(lang, "案"), translate(lang, "票")),
            rows=tuple((subject.title(named), f"{votes:,}") for named, votes in counts.items()),
        ),
    )


def recount_ways(subject: Subject) -> RecountWays:
    """The commands with which whoever has the log, or only the published file, comes to the same numbers."""
    slug = subject.law.slug
    return RecountWays(
        with_log=(f"civic ballot tally {slug} --json", f"civic recount {slug}"),
        with_file=tally_command(f"{slug}.pb", subject.law.document),
    )
