"""The head of the tally page, and the one answer that everybody asks for: why did this one win?"""

from datetime import datetime

from civic.admin.tally.pages import Download, Fact, Head
from civic.admin.tally.subject import Subject, share_words
from civic.ballots.tables import Ballot
from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import marked, translate
from civic.tallies.tables import Tally
from civic.web import words
from civic.web.explanations import margin_in_words
from civic.web.times import deadline, moment

FORMATS = (
    ("pdf", marked("印刷用の PDF")),
    ("xlsx", marked("Excel（xlsx）")),
    ("csv", marked("表（CSV）")),
    ("json", marked("データ（JSON）")),
    ("pb", marked("票の一覧（.pb）")),
)
"""The files of a result by the ending of their address."""


def head(subject: Subject, ballot: Ballot, tally: Tally, participation: str) -> Head:
    """Title, period, state, numbers, hashes and files. ``participation`` says who took part and who voted."""
    lang, law, path = subject.lang, subject.law, f"/admin/ballots/{ballot.slug}"
    state = "decided" if ballot.state == "decided" else subject.report["status"]
    return Head(
        state=state,
        state_words=_state_words(state, lang),
        period=_period(law.opens_at, law.closes_at, lang),
        rule=words.method_rule(law.document["method"], law.document["budget_yen"], lang),
        participation=participation,
        facts=_facts(subject),
        computed=moment(tally.computed_at, lang),
        hashes=(
            Fact(translate(lang, "集計に入れたものすべて（SHA-256）"), tally.inputs_sha256),
            Fact(translate(lang, "始まったときに固定した、きまりと案（SHA-256）"), law.sha256),
        ),
        downloads=tuple(Download(subject.says(label), f"{path}/tally.{ending}") for ending, label in FORMATS),
    )


def answer(subject: Subject) -> tuple[str, ...]:
    """Why this one: a sentence, or a few where more than one proposal won or a part is open."""
    won = (_first_sentence(subject), _reach(subject), _margin(subject)) if subject.selected else ()
    return tuple(sentence for sentence in (_not_final(subject), *won) if sentence)


def _not_final(subject: Subject) -> str:
    """What keeps the result from being whole; empty when nothing does."""
    return {
        "no_result": translate(
            subject.lang, "選ばれた案はありません。票と予算の両方がそろった案がなかったためです。"
        ),
        "not_computed": translate(subject.lang, "案が多いため、この決めかたでは計算していません。"),
        "tie_pending": translate(
            subject.lang, "票数も費用も同じ案があるため、公開のくじを引くまで、結果の一部は保留です。"
        ),
    }.get(subject.report["status"], "")


def _first_sentence(subject: Subject) -> str:
    places = subject.selected
    rule = words.method_rule(subject.law.document["method"], None, subject.lang)
    if len(places) > 1:
        return translate(subject.lang, "{rule} こうして {n}件が選ばれました。", rule=rule, n=len(places))
    [place] = places
    votes = subject.approvals[place["proposal"]]
    return translate(
        subject.lang,
        "「{title}」は、投票した {voters}人のうち {votes}人（{share}）が選び、「{site}」に置く案に選ばれました。",
        title=inside_sentence(subject.title(place["proposal"])),
        site=inside_sentence(subject.names.site(place["site"], subject.lang)),
        voters=f"{subject.voters:,}",
        votes=f"{votes:,}",
        share=share_words(votes, subject.voters),
    )


def _reach(subject: Subject) -> str:
    """How many voters got something, where more than one proposal won and the study is made."""
    binding = subject.law.document["method"]
    found = [one for one in subject.study.compared if one.method == binding] if subject.study else []
    if len(subject.selected) <= 1 or not found:
        return ""
    [result] = found
    return translate(
        subject.lang,
        "投票した {voters}人のうち {n}人（{share}）が、選ばれた案のどれかに投票しています。",
        voters=f"{subject.voters:,}",
        n=f"{result.voters_with_a_winner:,}",
        share=share_words(result.voters_with_a_winner, subject.voters),
    )


def _margin(subject: Subject) -> str:
    margin = subject.study.margin if subject.study else None
    return margin_in_words(margin, subject.names, subject.lang) if margin else ""


def _facts(subject: Subject) -> tuple[Fact, ...]:
    lang, report = subject.lang, subject.report
    channels = [
        Fact(translate(lang, "うち {channel}", channel=words.channel_name(channel, lang)), subject.people(voters))
        for channel, voters in report.get("channels", {}).items()
        if voters
    ]
    return (
        Fact(translate(lang, "投票した人"), subject.people(report["voters"])),
        Fact(translate(lang, "うち「どれも選ばない」"), subject.people(report["blank"])),
        *channels,
        Fact(translate(lang, "時間の外で数えなかった操作"), translate(lang, "{n}件", n=f"{report['late']:,}")),
        Fact(
            translate(lang, "選べない案などで数えなかった操作"),
            translate(lang, "{n}件", n=f"{report['invalid']:,}"),
        ),
    )


def _period(opens_at: datetime, closes_at: datetime, lang: str) -> str:
    return translate(lang, "{opens} から {closes}", opens=moment(opens_at, lang), closes=deadline(closes_at, lang))


def _state_words(state: str, lang: str) -> str:
    return {
        "final": translate(lang, "確定"),
        "tie_pending": translate(lang, "同数のため保留"),
        "no_result": translate(lang, "選ばれた案なし"),
        "not_computed": translate(lang, "計算していません"),
        "decided": translate(lang, "公式に決定済み"),
    }[state]
