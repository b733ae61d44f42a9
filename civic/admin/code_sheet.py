"""The cards of a new batch, eight on a sheet of A4: shown once, since only hashes of the codes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from civic.admin.pages_ballots import Named
from civic.ballots.tables import Ballot
from civic.codes.actions import Wanted
from civic.codes.rules import in_groups
from civic.kernel.i18n import LANGUAGES, html_lang, localized, translate
from civic.web.qr import qr_svg
from civic.web.times import deadline


@dataclass(frozen=True)
class CardText:
    """What every card says in one language."""

    html_lang: str
    title: str
    how: str
    until: str
    rule: str


@dataclass(frozen=True)
class Card:
    """A card: the code as people read it, and an SVG of its address."""

    code: str
    qr: Markup


@dataclass(frozen=True)
class CodeSheet:
    """The answer to making a batch; ``mark`` stands on every card: the batch, and that it is a test."""

    ballot: Named
    path: str
    mark: str
    texts: tuple[CardText, ...]
    cards: tuple[Card, ...]


def code_sheet(ballot: Ballot, wanted: Wanted, codes: Sequence[str], base_url: str, lang: str) -> CodeSheet:
    """The sheets of a batch; 5 ms a card."""
    path = f"/admin/ballots/{ballot.slug}"
    return CodeSheet(
        ballot=Named(localized(ballot.title, lang), path),
        path=f"{path}/codes",
        mark=_mark(wanted),
        texts=tuple(_text(ballot, base_url, each) for each in LANGUAGES),
        cards=tuple(Card(in_groups(code), qr_svg(f"{base_url}/c/{code}")) for code in codes),
    )


def _mark(wanted: Wanted) -> str:
    mark = f"#{wanted.number} {wanted.place}"
    return f"{mark} – 試し / TEST" if wanted.is_test else mark


def _text(ballot: Ballot, base_url: str, lang: str) -> CardText:
    address = f"{base_url.partition('://')[2]}/c"
    return CardText(
        html_lang=html_lang(lang),
        title=localized(ballot.title, lang),
        how=translate(lang, "QR コードを読むか、{address} を開いてコードを入れてください。", address=address),
        until=translate(lang, "締め切り：{when}", when=deadline(ballot.closes_at, lang)),
        rule=translate(lang, "コード1つにつき1票です。ほかの人にわたさないでください。"),
    )
