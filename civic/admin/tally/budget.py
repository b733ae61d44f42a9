"""What the winners cost, and what another budget would have given: the gauge, the typed budget, its answer."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from civic.admin.tally.map import Ground, winners_map
from civic.admin.tally.pages import BudgetForm, Change, WhatIf
from civic.admin.tally.subject import Subject
from civic.kernel.i18n import translate
from civic.tallies.methods.types import MAX_INTEGER, Option, Outcome
from civic.web import words
from civic.web.charts import Segment, Stacked, percent
from civic.web.results import places_in_words

_STEPS = 100


def read_budget(typed: str) -> int | None:
    """A budget in whole yen as people type it (``8,000,000``, ``８００００００円``); None when it is none."""
    plain = unicodedata.normalize("NFKC", typed).strip().removesuffix("円").replace(",", "").replace(" ", "")
    if not plain.isdecimal() or len(plain) > len(str(MAX_INTEGER)) or int(plain) > MAX_INTEGER:
        return None
    return int(plain)


def budget_form(subject: Subject, typed: str, what_if: WhatIf | None) -> BudgetForm:
    """The slider from nothing to what everything would cost, in steps of a round sum."""
    most = _all_costs(subject)
    step = _round_step(most)
    wrong = bool(typed) and read_budget(typed) is None
    return BudgetForm(
        most=-(-most // step) * step,
        step=step,
        typed=typed if wrong or not typed else str(read_budget(typed)),
        trouble=translate(subject.lang, "予算は、円を単位に、0以上の整数で入れてください。") if wrong else "",
        what_if=what_if,
    )


def what_if(subject: Subject, ground: Ground, budget_yen: int, outcome: Outcome) -> WhatIf:
    """What the ballot's own rule would have selected under a budget, beside what it did select."""
    selected = [_place(option) for option in outcome.selected]
    yen = words.yen(budget_yen, subject.lang)
    return WhatIf(
        title=translate(subject.lang, "もし予算が {yen} なら", yen=yen),
        sentences=_sentences(subject, outcome),
        changes=_changes(subject, selected),
        gauge=budget_gauge(subject, "what-if-gauge", selected, budget_yen),
        map=winners_map(subject, ground, selected),
    )


def budget_gauge(
    subject: Subject, name: str, selected: Sequence[Mapping[str, Any]], budget_yen: int | None
) -> Stacked | None:
    """How much of the budget each winner takes; without a budget, of what all of them cost. None of nothing."""
    spent = sum(place["cost_yen"] for place in selected)
    whole = spent if budget_yen is None else budget_yen
    if not whole:
        return None
    segments = [
        Segment(
            subject.title(p["proposal"]), words.yen(p["cost_yen"], subject.lang), percent(p["cost_yen"], whole)
        )
        for p in selected
    ]
    if whole > spent:
        left = translate(subject.lang, "のこり"), words.yen(whole - spent, subject.lang)
        segments.append(Segment(*left, percent(whole - spent, whole), rest=True))
    return Stacked(
        name=name,
        title=_gauge_title(subject, spent, budget_yen),
        headings=(translate(subject.lang, "案"), translate(subject.lang, "費用のめやす")),
        segments=tuple(segments),
    )


def _gauge_title(subject: Subject, spent: int, budget_yen: int | None) -> str:
    cost = words.yen(spent, subject.lang)
    if budget_yen is None:
        return translate(subject.lang, "選ばれた案の費用：合わせて {cost}（予算の上限はありません）", cost=cost)
    budget = words.yen(budget_yen, subject.lang)
    return translate(subject.lang, "予算 {budget} のうち、選ばれた案の費用は {cost}", budget=budget, cost=cost)


def _sentences(subject: Subject, outcome: Outcome) -> tuple[str, ...]:
    status = {
        "tie_pending": translate(
            subject.lang, "この予算では、票数も費用も同じ案があり、くじで決めるまで一部は決まりません。"
        ),
        "no_result": translate(subject.lang, "この予算では、選ばれる案はありません。"),
        "not_computed": translate(subject.lang, "案が多いため、この決めかたでは計算していません。"),
    }
    same = {option.proposal for option in outcome.selected} == subject.won
    agrees = translate(subject.lang, "選ばれる案は、結果と同じです。") if same and outcome.selected else ""
    return tuple(says for says in (status.get(outcome.status, ""), agrees) if says)


def _changes(subject: Subject, selected: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    """The winners under the other budget, then those of the result that it would lose."""
    now = {place["proposal"] for place in selected}
    lost = [place for place in subject.selected if place["proposal"] not in now]
    return tuple(_change(subject, place, now) for place in [*selected, *lost])


def _change(subject: Subject, place: Mapping[str, Any], now: set[str]) -> Change:
    proposal = place["proposal"]
    mark = "-" if proposal not in now else "=" if proposal in subject.won else "+"
    said = {
        "+": translate(subject.lang, "加わる"),
        "-": translate(subject.lang, "外れる"),
        "=": translate(subject.lang, "結果と同じ"),
    }
    [named] = places_in_words([place], subject.names, subject.lang)
    return Change(mark, said[mark], named, subject.votes_named(subject.approvals[proposal]))


def _place(option: Option) -> dict[str, Any]:
    return {"proposal": option.proposal, "site": option.site, "cost_yen": option.cost_yen}


def _all_costs(subject: Subject) -> int:
    """The dearest site of everything on the ballot, or its budget where that is more: there the slider ends."""
    dearest: dict[str, int] = {}
    for options in subject.placements().values():
        for proposal, cost in options:
            dearest[proposal] = max(cost, dearest.get(proposal, 0))
    return max(sum(dearest.values()), subject.law.document["budget_yen"] or 0, 1)


def _round_step(most: int) -> int:
    """The power of ten that gives about a hundred steps or more."""
    return int(10 ** max(len(str(most // _STEPS)) - 1, 0))
