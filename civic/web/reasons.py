"""Why each proposal of one ballot won or not, and what other rules would have made of it. Pure; counts nothing.

A result may have no study yet, or one from before its lots were drawn: then less is told, never something wrong.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from civic.tallies.robustness.types import Fate, Study
from civic.web.explanations import (
    agreement,
    fate_in_words,
    overlap_in_words,
    reason_in_words,
)
from civic.web.results import Names


@dataclass(frozen=True)
class Told:
    """A result to tell of: an effective report, its study if there is one, and the options (of the manifest)."""

    report: Mapping[str, Any]
    study: Study | None
    options: Sequence[Mapping[str, Any]]
    names: Names


def reasons_in_words(told: Told, lang: str) -> dict[str, str]:
    """Why each proposal won or not, by slug; without a study only for winners."""
    report = told.report
    if told.study is None:
        return {place["proposal"]: reason_in_words("won", lang) for place in report["selected"]}
    return {
        fate.proposal: fate_in_words(fate, report["method"], lang, _beaten(fate, told, lang))
        for fate in told.study.explanations
    }


def compared_in_words(told: Told, lang: str) -> dict[str, str]:
    """How the result of every other rule agrees with the effective report, by method."""
    if told.study is not None:
        others = (rule for rule in told.study.compared if rule.method != told.study.method)
        return {rule.method: overlap_in_words(rule, lang) for rule in others}
    own = {place["proposal"] for place in told.report["selected"]}
    return {
        method: agreement(len(own & {*selected}), len(own | {*selected}), lang)
        for method, selected in told.report["compared"].items()
        if method != told.report["method"]
    }


def satisfied_in_words(told: Told, lang: str) -> str:
    """How many voters had chosen at least one winner; empty without a study."""
    own = [rule for rule in told.study.compared if rule.method == told.study.method] if told.study else []
    if not own or not told.report["voters"]:
        return ""
    return translate(
        lang,
        "投票した {voters} 人のうち {n} 人は、選ばれた案を一つ以上選んでいました。",
        voters=f"{told.report['voters']:,}",
        n=f"{own[0].voters_with_a_winner:,}",
    )


def _beaten(fate: Fate, told: Told, lang: str) -> str:
    """By whom, for a proposal that could stand on one site and had fewer votes there; else empty."""
    sites = [
        p["site"] for option in told.options if option["proposal"] == fate.proposal for p in option["placements"]
    ]
    winners = [place["proposal"] for place in told.report["selected"] if place["site"] in sites]
    if fate.reason != "fewer_votes" or len(sites) != 1 or not winners:
        return ""
    values = {
        "site": inside_sentence(told.names.site(sites[0], lang)),
        "winner": inside_sentence(told.names.proposal(winners[0], lang)),
    }
    if told.report["approvals"][winners[0]] > fate.approvals:
        return translate(
            lang, "場所「{site}」では、「{winner}」の票のほうが多かったため、選ばれませんでした。", **values
        )
    return translate(
        lang,
        "場所「{site}」では、「{winner}」が同じ票数で費用が少なかったため、選ばれませんでした。",
        **values,
    )
