"""A frozen result as people read it. Pure: works on the published report and on titles, and counts nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import localized, translate
from civic.web.words import assurance_name, channel_name, method_name, method_rule, yen

Titles = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Names:
    """What proposals and sites are called, by slug."""

    proposals: Titles
    sites: Titles

    def proposal(self, slug: str, lang: str) -> str:
        """A proposal's title, or its slug when it has none here."""
        return localized(self.proposals.get(slug, {}), lang) or slug

    def site(self, slug: str, lang: str) -> str:
        """A site's title, or its slug when it has none here."""
        return localized(self.sites.get(slug, {}), lang) or slug


@dataclass(frozen=True)
class ResultRow:
    """A proposal with its approvals (in words: ``value``); ``share`` is its bar in percent of the longest one."""

    proposal: str
    label: str
    approvals: int
    value: str
    share: float
    won: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A proposal standing at a site, for a price."""

    proposal: str
    title: str
    site: str
    cost: str


@dataclass(frozen=True)
class Part:
    """A part of the voters: what it is called, and how many they are."""

    name: str
    voters: int


@dataclass(frozen=True)
class Compared:
    """What a rule selects, or would have selected; ``rule`` says in a sentence how."""

    method: str
    rule: str
    is_the_rule: bool
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """The computed result in words.

    ``channels`` and ``assurance`` each add up to ``voters``; both are empty for what was counted without them.
    """

    status: str
    status_words: str
    voters: int
    blank: int
    late: int
    invalid: int
    rows: tuple[ResultRow, ...]
    selected: tuple[Place, ...]
    ties: tuple[str, ...]
    compared: tuple[Compared, ...]
    channels: tuple[Part, ...]
    assurance: tuple[Part, ...]

    @property
    def methods_agree(self) -> bool:
        """Whether every compared rule selects the same proposals."""
        return len({frozenset(other.titles) for other in self.compared}) <= 1


def result_in_words(report: Mapping[str, Any], names: Names, lang: str) -> Result:
    """The report of a frozen tally for a page, proposals with more approvals first."""
    return Result(
        status=report["status"],
        status_words=_status(report["status"], lang),
        voters=report["voters"],
        blank=report["blank"],
        late=report["late"],
        invalid=report["invalid"],
        rows=_rows(report, names, lang),
        selected=places_in_words(report["selected"], names, lang),
        ties=tuple(_tie(tie, names, "draw" in report, lang) for tie in report["ties"]),
        compared=tuple(
            Compared(
                method_name(method, lang),
                method_rule(method, None, lang),
                method == report["method"],
                tuple(names.proposal(slug, lang) for slug in proposals),
            )
            for method, proposals in report["compared"].items()
        ),
        channels=_parts(report.get("channels", {}), channel_name, lang),
        assurance=_parts(report.get("assurance", {}), assurance_name, lang),
    )


def places_in_words(places: Sequence[Mapping[str, Any]], names: Names, lang: str) -> tuple[Place, ...]:
    """Selected or decided places, in their order."""
    return tuple(
        Place(
            p["proposal"],
            names.proposal(p["proposal"], lang),
            names.site(p["site"], lang),
            yen(p["cost_yen"], lang),
        )
        for p in places
    )


def _rows(report: Mapping[str, Any], names: Names, lang: str) -> tuple[ResultRow, ...]:
    approvals: Mapping[str, int] = report["approvals"]
    most = max(approvals.values(), default=0) or 1
    return tuple(
        ResultRow(
            proposal=slug,
            label=names.proposal(slug, lang),
            approvals=number,
            value=translate(lang, "{n}票", n=f"{number:,}"),
            share=round(100 * number / most, 1),
            won=tuple(names.site(p["site"], lang) for p in report["selected"] if p["proposal"] == slug),
        )
        for slug, number in sorted(approvals.items(), key=lambda item: -item[1])
    )


def _parts(voters: Mapping[str, int], named: Callable[[str, str], str], lang: str) -> tuple[Part, ...]:
    return tuple(Part(named(part, lang), number) for part, number in voters.items())


def _status(status: str, lang: str) -> str:
    return {
        "final": translate(lang, "結果が確定しました。"),
        "tie_pending": translate(lang, "同じ票数・同じ費用の案があり、くじで決めるまで一部は保留です。"),
        "no_result": translate(lang, "選ばれた案はありません。"),
    }[status]


def _tie(tie: Mapping[str, Any], names: Names, drawn: bool, lang: str) -> str:
    """Who was level and why that mattered, then what becomes or became of it."""
    comma = translate(lang, "、")
    values = {
        "titles": comma.join(_quoted(names.proposal(proposal, lang), lang) for proposal in tie["between"]),
        "sites": comma.join(inside_sentence(names.site(site, lang)) for site in tie["sites"]),
    }
    level = (
        translate(lang, "{sites}：{titles} は票数も費用も同じです。", **values)
        if tie["reason"] == "equal_at_site"
        else translate(
            lang, "{sites}：{titles} は票数も費用も同じですが、予算か場所がすべての分はありません。", **values
        )
    )
    then = translate(lang, "公開のくじで決めました。") if drawn else translate(lang, "公開のくじで決めます。")
    return f"{level} {then}"


def _quoted(title: str, lang: str) -> str:
    return translate(lang, "「{title}」", title=inside_sentence(title))
