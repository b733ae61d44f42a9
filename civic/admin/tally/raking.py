"""The form that asks "if voters were as many of each kind as the planning figures say", and its answer."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from civic.admin.tally.findings import relation_name
from civic.admin.tally.pages import RakingView, Table, TargetField
from civic.admin.tally.subject import Subject
from civic.kernel.i18n import translate
from civic.tallies.robustness.raking import Raked, Refused, Target, rake_relations

RELATIONS = ("live", "work", "study", "visit")
_LONGEST_PERCENT = 6


def raking_view(subject: Subject, typed: Mapping[str, str], source: str, held_on: str) -> RakingView | None:
    """The form, with its answer once percentages are typed; None where nobody said any relation."""
    if subject.study is None or not subject.study.relations:
        return None
    given = {relation: typed.get(relation, "").strip() for relation in RELATIONS}
    trouble, answer = "", None
    if any(given.values()):
        targets = _targets(given, source.strip(), held_on)
        trouble = _trouble(subject) if targets is None else ""
        answer = rake_relations(subject.study.relation_table, targets) if targets is not None else None
    return RakingView(
        targets=tuple(
            TargetField(relation, relation_name(relation, subject.lang), given[relation]) for relation in RELATIONS
        ),
        source=source,
        held_on=held_on,
        trouble=trouble,
        sentences=_sentences(subject, answer, source),
        table=_side_by_side(subject, answer) if isinstance(answer, Raked) else None,
    )


def _targets(given: Mapping[str, str], source: str, held_on: str) -> tuple[Target, ...] | None:
    """The figures typed, with where they are from and of when; None when one is missing or no number."""
    try:
        on = date.fromisoformat(held_on)
        percents = {relation: _percent(typed) for relation, typed in given.items() if typed}
    except ValueError:
        return None
    if not source:
        return None
    return tuple(Target(relation, percent, source, on) for relation, percent in percents.items())


def _percent(typed: str) -> Fraction:
    """``40`` or ``12.5``; ValueError for anything else."""
    if len(typed) > _LONGEST_PERCENT or not typed.replace(".", "", 1).isdecimal():
        raise ValueError(typed)
    return Fraction(typed)


def _trouble(subject: Subject) -> str:
    return translate(subject.lang, "割合（％）を数で入れ、その数字の出典と日付も入れてください。例：住んでいる 40")


def _sentences(subject: Subject, answer: Raked | Refused | None, source: str) -> tuple[str, ...]:
    if answer is None:
        return ()
    if isinstance(answer, Refused):
        return (refusal_words(answer.reason, subject.lang),)
    lang = subject.lang
    return (
        translate(
            lang,
            "まちとのかかわりを答えた {n}人の票に、出典「{source}」の割合になるように重みをつけました。",
            n=f"{answer.people:,}",
            source=source,
        ),
        translate(
            lang,
            "重みをつけると、{n}人ぶんの情報は {effective}人ぶんに減ります（いちばん大きい重みは {greatest}）。",
            n=f"{answer.people:,}",
            effective=answer.effective,
            greatest=answer.greatest,
        ),
    )


def refusal_words(reason: str, lang: str) -> str:
    """Why weights would say nothing; the code itself when it is none of ours."""
    return {
        "small_cell": translate(
            lang, "10人に満たない組み合わせがあるため、重みはつけません。だれの票か分かるおそれがあります。"
        ),
        "nobody_said": translate(lang, "かかわりを答えた人がいないため、重みはつけません。"),
        "no_target": translate(lang, "割合を1つ以上入れてください。"),
        "wrong_target": translate(lang, "割合は、0より大きく100より小さい数で入れてください。"),
        "small_target": translate(
            lang, "そのかかわりを答えた人、または答えなかった人が10人に満たないため、重みはつけません。"
        ),
        "few_effective": translate(
            lang,
            "重みがかたよりすぎて、残る情報が少なすぎるため、結果を出しません（有効な人数が30人未満か、3割未満）。",
        ),
    }.get(reason, reason)


def _side_by_side(subject: Subject, raked: Raked) -> Table:
    order = sorted(raked.raw, key=lambda proposal: -subject.approvals.get(proposal, 0))
    return Table(
        name="raked",
        title=translate(subject.lang, "答えた人の中で、案を選んだ割合"),
        headings=(
            translate(subject.lang, "案"),
            translate(subject.lang, "そのまま"),
            translate(subject.lang, "重みをつけて"),
        ),
        rows=tuple((subject.title(one), f"{raked.raw[one]}%", f"{raked.weighted[one]}%") for one in order),
    )
