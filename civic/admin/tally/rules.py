"""What the other rules would have said, in columns beside the ballot's own."""

from civic.admin.tally.pages import RuleColumn, RulesCell, RulesRow, RulesView
from civic.admin.tally.subject import Subject, share_words
from civic.kernel.i18n import translate
from civic.tallies.robustness.types import RuleResult
from civic.web import words
from civic.web.explanations import overlap_in_words

_NOT_COMPUTED = "not_computed"


def rules_view(subject: Subject) -> RulesView | None:
    """The comparison by the study, the ballot's own rule first; None until it is made."""
    if subject.study is None:
        return None
    binding = subject.law.document["method"]
    compared = sorted(subject.study.compared, key=lambda result: result.method != binding)
    return RulesView(
        columns=tuple(_column(subject, result, result.method == binding) for result in compared),
        rows=_rows(subject, compared),
        headings=(
            translate(subject.lang, "選ばれる案の数"),
            translate(subject.lang, "選ばれた案が1つでもある人"),
            translate(subject.lang, "1人あたりの選ばれた案（平均）"),
        ),
        agree=len({frozenset(result.selected) for result in compared if _is_known(result)}) <= 1,
    )


def _column(subject: Subject, result: RuleResult, is_the_rule: bool) -> RuleColumn:
    reached = subject.people(result.voters_with_a_winner)
    return RuleColumn(
        method=words.method_name(result.method, subject.lang),
        is_the_rule=is_the_rule,
        status=_status(subject, result),
        facts=(
            f"{len(result.selected):,}",
            f"{reached} ({share_words(result.voters_with_a_winner, subject.voters)})",
            result.mean_winners,
        ),
        overlap="" if is_the_rule else overlap_in_words(result, subject.lang),
    )


def _status(subject: Subject, result: RuleResult) -> str:
    """What keeps a rule's column from being whole; empty when nothing does."""
    return {
        "tie_pending": translate(subject.lang, "同数のため、一部は決まりません"),
        "no_result": translate(subject.lang, "選ばれる案はありません"),
        _NOT_COMPUTED: translate(subject.lang, "計算していません"),
    }.get(result.status, "")


def _is_known(result: RuleResult) -> bool:
    return result.status != _NOT_COMPUTED


def _rows(subject: Subject, compared: list[RuleResult]) -> tuple[RulesRow, ...]:
    """The proposals that some rule selects, most approved first."""
    chosen = {proposal for result in compared for proposal in result.selected}
    binding = set(compared[0].selected) if compared else set()
    return tuple(
        RulesRow(
            title=subject.title(proposal),
            cells=tuple(
                RulesCell(
                    won=proposal in result.selected,
                    differs=_is_known(result) and (proposal in result.selected) != (proposal in binding),
                )
                for result in compared
            ),
        )
        for proposal in sorted(chosen, key=lambda one: (-subject.approvals.get(one, 0), one))
    )
