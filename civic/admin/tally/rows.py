"""The result site by site: votes and costs side by side, and for each proposal why."""

from collections.abc import Mapping

from civic.admin.tally.pages import FateRow, SiteResult
from civic.admin.tally.subject import Subject, share_words
from civic.kernel.i18n import translate
from civic.tallies.robustness.types import Fate
from civic.web import words
from civic.web.charts import percent
from civic.web.explanations import fate_in_words
from civic.web.pictures import PictureView


def site_results(
    subject: Subject, pictures: Mapping[str, PictureView], paths: Mapping[str, str]
) -> tuple[SiteResult, ...]:
    """A table for each site of the ballot; pictures and pages of the proposals by slug, where there are any."""
    widest = _Widest(subject)
    return tuple(
        SiteResult(
            anchor=f"site-{number}",
            site=subject.names.site(site, subject.lang),
            rows=tuple(
                _row(subject, widest, site, proposal, cost, pictures.get(proposal), paths.get(proposal, ""))
                for proposal, cost in sorted(options, key=lambda option: -subject.approvals[option[0]])
            ),
        )
        for number, (site, options) in enumerate(subject.placements().items(), 1)
    )


class _Widest:
    """What the longest bars stand for: one measure for all sites, so that they can be compared."""

    def __init__(self, subject: Subject) -> None:
        self.votes = max(subject.approvals.values(), default=0)
        self.cost = max((cost for options in subject.placements().values() for _, cost in options), default=0)


def _row(
    subject: Subject,
    widest: _Widest,
    site: str,
    proposal: str,
    cost: int,
    picture: PictureView | None,
    path: str,
) -> FateRow:
    votes = subject.approvals[proposal]
    here = any(place["proposal"] == proposal and place["site"] == site for place in subject.selected)
    return FateRow(
        name=f"{site}-{proposal}",
        title=subject.title(proposal),
        path=path,
        picture=picture,
        votes=translate(
            subject.lang,
            "{n}票（投票した人の {share}）",
            n=f"{votes:,}",
            share=share_words(votes, subject.voters),
        ),
        votes_bar=percent(votes, widest.votes),
        cost=words.yen(cost, subject.lang),
        cost_bar=percent(cost, widest.cost),
        won=here,
        status=_status(subject, proposal, here),
        reason=_reason(subject, proposal, here),
    )


def _status(subject: Subject, proposal: str, here: bool) -> str:
    if here:
        return translate(subject.lang, "選ばれました")
    if proposal in subject.won:
        return translate(subject.lang, "ほかの場所で選ばれました")
    fate = _fate(subject, proposal)
    return status_word(fate.reason, subject.lang) if fate else translate(subject.lang, "選ばれませんでした")


def _reason(subject: Subject, proposal: str, here: bool) -> str:
    """Why, in a sentence; of a winner elsewhere, where. Empty until the study is made."""
    if proposal in subject.won and not here:
        sites = [place["site"] for place in subject.selected if place["proposal"] == proposal]
        named = translate(subject.lang, "、").join(subject.names.site(site, subject.lang) for site in sites)
        return translate(subject.lang, "置く場所：{sites}", sites=named)
    fate, method = _fate(subject, proposal), subject.law.document["method"]
    if fate and fate.reason == "won" and method != "mes":
        return _won_because(method, subject.lang)
    return fate_in_words(fate, method, subject.lang) if fate else ""


def _won_because(method: str, lang: str) -> str:
    """What winning means by a rule; equal shares have numbers for it."""
    return {
        "site_winner": translate(lang, "この場所に置ける案のなかで、いちばん多く選ばれました。"),
        "greedy": translate(lang, "票の多い順に見て、予算にも場所にも入りました。"),
        "max_approval": translate(lang, "票の合計がいちばん多い組み合わせに入っています。"),
    }[method]


def _fate(subject: Subject, proposal: str) -> Fate | None:
    fates = subject.study.explanations if subject.study else ()
    return next((fate for fate in fates if fate.proposal == proposal), None)


def status_word(reason: str, lang: str) -> str:
    """Why a proposal won or not, in a word or two; the code itself when it is none of ours."""
    return {
        "won": translate(lang, "選ばれました"),
        "tie_open": translate(lang, "同数のため保留"),
        "lost_by_lot": translate(lang, "くじで外れた"),
        "no_votes": translate(lang, "票がありません"),
        "dearer_than_budget": translate(lang, "費用が予算より高い"),
        "fewer_votes": translate(lang, "票が足りない"),
        "sites_taken": translate(lang, "場所が埋まった"),
        "over_budget": translate(lang, "予算を超える"),
        "too_little_support": translate(lang, "支持が足りない"),
        "not_computed": translate(lang, "計算していません"),
    }.get(reason, reason)
