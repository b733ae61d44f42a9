"""The lot of a tie on a staff page: which public value draws it, the form that waits, and what was drawn."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.trail import actor_in_words
from civic.ballots.queries import Law
from civic.ballots.tables import Ballot
from civic.kernel.i18n import translate
from civic.staff.queries import names_by_actor
from civic.tallies.draws import MANIFEST
from civic.tallies.queries import draw_of
from civic.tallies.tables import Tally, TieDraw
from civic.web.forms import Form
from civic.web.results import Names
from civic.web.times import moment

NAMING, DRAWING = "name_beacon", "draw"
NOTHING_TYPED = Form({})


@dataclass(frozen=True)
class LotLine:
    """The lot of a level proposal, 64 hexadecimal digits."""

    title: str
    lot: str


@dataclass(frozen=True)
class DrawView:
    """The lot of a tie. ``waits_for`` is the deed that comes next, empty once it is drawn or decided otherwise.

    ``named`` and ``drawn`` say when and by whom; what is not known yet is empty. ``lots`` stand in their order,
    those of level proposals alone.
    """

    path: str
    waits_for: str
    beacon: str
    named: str
    value: str
    source: str
    drawn: str
    lots: tuple[LotLine, ...]
    typed: Mapping[str, str]


async def read_draw(
    session: AsyncSession,
    ballot: Ballot,
    law: Law,
    tally: Tally,
    names: Names,
    lang: str,
    form: Form = NOTHING_TYPED,
) -> DrawView | None:
    """How far the lot of a counted ballot is; None when the count left no tie open."""
    if not tally.report["ties"]:
        return None
    draw = await draw_of(session, law.ballot_id)
    people = await names_by_actor(session)
    return DrawView(
        path=f"/admin/ballots/{law.slug}",
        waits_for=_next_deed(draw) if ballot.state == "sealed" else "",
        beacon=draw.beacon if draw else "",
        named=_named(draw, people, lang) if draw else "",
        value=draw.value or "" if draw else "",
        source=draw.source or "" if draw else "",
        drawn=_drawn(draw, people, lang) if draw else "",
        lots=_lots(tally, draw, names, lang) if draw else (),
        typed={name: form.one(name) for name in ("beacon", "value", "source")},
    )


def _next_deed(draw: TieDraw | None) -> str:
    if draw is None:
        return NAMING
    return "" if draw.value else DRAWING


def _named(draw: TieDraw, people: Mapping[str, str], lang: str) -> str:
    when = moment(draw.named_at, lang)
    if draw.named_by == MANIFEST:
        return translate(lang, "{when}、投票の前に、きまりといっしょに決めました", when=when)
    return translate(lang, "{when}、{who}", when=when, who=actor_in_words(draw.named_by, people, lang))


def _drawn(draw: TieDraw, people: Mapping[str, str], lang: str) -> str:
    if draw.drawn_at is None or draw.drawn_by is None:
        return ""
    who = actor_in_words(draw.drawn_by, people, lang)
    return translate(lang, "{when}、{who}", when=moment(draw.drawn_at, lang), who=who)


def _lots(tally: Tally, draw: TieDraw, names: Names, lang: str) -> tuple[LotLine, ...]:
    level = {proposal for tie in tally.report["ties"] for proposal in tie["between"]}
    lots = sorted((lot, proposal) for proposal, lot in (draw.lots or {}).items() if proposal in level)
    return tuple(LotLine(names.proposal(proposal, lang), lot) for lot, proposal in lots)
