"""How robust the result is, question by question: answer, numbers, and what the numbers do not mean."""

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from civic.admin.tally.hours import hours_chart
from civic.admin.tally.pages import Finding, Table
from civic.admin.tally.subject import Subject, share_words
from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from civic.tallies.robustness.types import Pair, Positions, RelationPart, Rotation, Stability, Study, VotersPart
from civic.web import words
from civic.web.charts import Bar, Bars
from civic.web.explanations import margin_in_words

_OFTEN, _SELDOM = Decimal("0.2"), Decimal("0.05")
"""From which probability chance alone is said to do it often, and below which hardly ever."""


def findings(subject: Subject) -> tuple[Finding, ...]:
    """Every question that the study answers; none before it is made."""
    study = subject.study
    if study is None:
        return ()
    found = [
        _margin(subject, study),
        _pairs(subject, study.pairs),
        _stability(subject, study.stability),
        _positions(subject, study.positions),
        _parts(subject, study.parts),
        _hours(subject, study),
        _relations(subject, study),
    ]
    return tuple(finding for finding in found if finding)


def _margin(subject: Subject, study: Study) -> Finding | None:
    said = margin_in_words(study.margin, subject.names, subject.lang) if study.margin else ""
    switched = study.margin.switched if study.margin else None
    if not said:
        return None
    also = translate(
        subject.lang, "または、{n}人が選びなおしていれば、結果は変わっていました。", n=f"{switched or 0:,}"
    )
    return Finding(
        title=translate(subject.lang, "どれだけの票で結果が変わったか"),
        sentences=(said, also) if switched else (said,),
        not_meant=translate(
            subject.lang,
            "数えまちがいの幅ではありません。票はすべて数えてあり、同じ記録からいつも同じ数になります。",
        ),
    )


def _pairs(subject: Subject, pairs: Sequence[Pair]) -> Finding | None:
    if not pairs:
        return None
    return Finding(
        title=translate(subject.lang, "1位と次の案の差"),
        sentences=tuple(_pair(subject, pair) for pair in pairs),
        not_meant=translate(
            subject.lang,
            "住民全体の意見についての検定ではありません。投票した人の中の差が、偶然でも出るくらいかだけを言います。",
        ),
    )


def _pair(subject: Subject, pair: Pair) -> str:
    said = translate(
        subject.lang,
        "「{first}」と「{second}」のどちらか一方だけを選んだ人は {both}人で、{a}人と {b}人に分かれました。",
        first=inside_sentence(subject.title(pair.first)),
        second=inside_sentence(subject.title(pair.second)),
        both=f"{pair.only_first + pair.only_second:,}",
        a=f"{pair.only_first:,}",
        b=f"{pair.only_second:,}",
    )
    return f"{said} {_chance_words(pair.p, subject.lang)}"


def _chance_words(p: str, lang: str) -> str:
    """How often chance alone parts two as widely, in words; never a verdict."""
    if Decimal(p) >= _OFTEN:
        return translate(lang, "硬貨を投げて決めても、このくらいの差はよく出ます（{p}）。", p=chance_words(p))
    if Decimal(p) >= _SELDOM:
        return translate(lang, "硬貨を投げて決めても、このくらいの差はときどき出ます（{p}）。", p=chance_words(p))
    return translate(lang, "硬貨を投げて決めたら、これほどの差はめったに出ません（{p}）。", p=chance_words(p))


def chance_words(p: str) -> str:
    """A probability of three places; what is rounded to nothing is not called nothing."""
    return "p < 0.001" if Decimal(p) == 0 else f"p = {p}"


def _stability(subject: Subject, stability: Stability | None) -> Finding | None:
    if stability is None:
        return None
    wins = sorted(stability.wins.items(), key=lambda item: (-Decimal(item[1]), item[0]))
    title = translate(subject.lang, "引き直した {n}回のうち、選ばれた割合", n=f"{stability.draws:,}")
    return Finding(
        title=translate(subject.lang, "同じような人がもう一度投票したら"),
        sentences=(
            translate(
                subject.lang,
                "いまの票から同じ数だけを {n}回引き直し、そのたびに同じきまりで数えました。",
                n=f"{stability.draws:,}",
            ),
        ),
        not_meant=translate(
            subject.lang,
            "次の投票の予想でも、住民全体についての確率でもありません。票のゆれの大きさだけを見ます。",
        ),
        bars=Bars(
            name="stability",
            title=title,
            headings=(translate(subject.lang, "案"), translate(subject.lang, "割合")),
            rows=tuple(
                Bar(subject.title(p), percent_words(share), float(Decimal(share) * 100), p in subject.won)
                for p, share in wins
            ),
        ),
    )


def _positions(subject: Subject, positions: Positions | None) -> Finding | None:
    if positions is None:
        return None
    return Finding(
        title=translate(subject.lang, "はじめに見せた案は、票を多くもらったか"),
        sentences=(_position_words(subject, positions),),
        not_meant=translate(
            subject.lang,
            "人によって順番を変えているので、もし影響があっても、どの案にも同じように分かれています。",
        ),
        tables=(_positions_table(subject, positions.rotations),) if _any_shown(positions.rotations) else (),
    )


def _any_shown(rotations: Sequence[Rotation]) -> bool:
    return any(turn.voters for turn in rotations)


def _positions_table(subject: Subject, rotations: Sequence[Rotation]) -> Table:
    """A row for each proposal, however many of the orders begin with it, in the order of the cards."""
    hidden = translate(subject.lang, "少ないため非表示")
    rows = []
    for first in dict.fromkeys(turn.first for turn in rotations):
        begun = [turn for turn in rotations if turn.first == first]
        voters, votes = _sum(turn.voters for turn in begun), _sum(turn.votes_for_first for turn in begun)
        rows.append(
            (
                subject.title(first),
                hidden if voters is None else subject.people(voters),
                hidden if votes is None else subject.votes(votes),
            )
        )
    return Table(
        "positions",
        translate(subject.lang, "はじめに見た案と、その案に入った票"),
        (
            translate(subject.lang, "はじめに見た案"),
            translate(subject.lang, "見た人"),
            translate(subject.lang, "その案への票"),
        ),
        tuple(rows),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    """The sum; None when a number is hidden, since a sum of the others would be too small."""
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _position_words(subject: Subject, positions: Positions) -> str:
    shares = {
        "first": percent_words(positions.first_share),
        "other": percent_words(positions.other_share),
        "p": chance_words(positions.p or "1.000"),
    }
    return {
        "as_chance": translate(
            subject.lang,
            "はじめに見た人の {first} がその案を選びました。順番の影響がなければ {other} です。"
            "偶然でも出るくらいの差です（{p}）。",
            **shares,
        ),
        "more_for_first": translate(
            subject.lang,
            "はじめに見た人の {first} がその案を選びました。順番の影響がなければ {other} です。"
            "はじめの案が少し得をしています（{p}）。",
            **shares,
        ),
        "fewer_for_first": translate(
            subject.lang,
            "はじめに見た人の {first} がその案を選びました。順番の影響がなければ {other} です。"
            "はじめの案が少し損をしています（{p}）。",
            **shares,
        ),
        "too_few": translate(subject.lang, "投票した人が少ないため、順番の影響は言えません。"),
    }[positions.words]


def _parts(subject: Subject, parts: Sequence[VotersPart]) -> Finding | None:
    shown = [part for part in parts if part.voters]
    if not shown:
        return None
    return Finding(
        title=translate(subject.lang, "投票のしかたと、確かめかた"),
        sentences=(
            *(
                _without(subject, part)
                for part in shown
                if part.without_same is not None and part.voters < subject.voters
            ),
            translate(
                subject.lang,
                "同じアカウントかコードで何度投票しても1票で、最後の操作のしかたに数えます。"
                "1人が LINE とカードの両方で投票しても、それは分かりません。",
            ),
        ),
        not_meant=translate(
            subject.lang,
            "どの票が正しいかを言うものではありません。数えるのはすべての票で、ここは分けて見たときの参考です。",
        ),
        tables=(_parts_table(subject, shown),),
    )


def _without(subject: Subject, part: VotersPart) -> str:
    named = inside_sentence(_part_name(part, subject.lang))
    if part.without_same:
        return translate(subject.lang, "「{part}」の票がなくても、結果は同じです。", part=named)
    titles = translate(subject.lang, "、").join(subject.title(one) for one in part.without_selected or ())
    return translate(
        subject.lang,
        "「{part}」の票がなければ、選ばれる案は変わります：{titles}",
        part=named,
        titles=titles or translate(subject.lang, "なし"),
    )


def _parts_table(subject: Subject, parts: Sequence[VotersPart]) -> Table:
    hidden = translate(subject.lang, "少ないため非表示")
    rows = [
        (
            _part_name(part, subject.lang),
            subject.people(part.voters),
            share_words(part.voters, subject.voters),
            hidden
            if part.selected is None
            else translate(subject.lang, "、").join(subject.title(one) for one in part.selected) or "–",
        )
        for part in parts
    ]
    return Table(
        "parts",
        translate(subject.lang, "投票のしかたと確かめかたごとの結果"),
        (
            translate(subject.lang, "投票のしかた・確かめかた"),
            translate(subject.lang, "投票した人"),
            translate(subject.lang, "割合"),
            translate(subject.lang, "この票だけで数えたとき"),
        ),
        tuple(rows),
    )


def _part_name(part: VotersPart, lang: str) -> str:
    named = words.channel_name if part.kind == "channel" else words.assurance_name
    return named(part.name, lang)


def _hours(subject: Subject, study: Study) -> Finding | None:
    chart = hours_chart(study.hours, subject.lang)
    if chart is None:
        return None
    surge = translate(subject.lang, "ほかの時間よりずっと多い時間があります。お知らせの時刻と見くらべてください。")
    return Finding(
        title=translate(subject.lang, "いつ投票されたか"),
        sentences=(surge,) if any(hour.surge for hour in study.hours) else (),
        not_meant=translate(
            subject.lang, "多い時間があっても、不正のしるしではありません。お知らせのあとは、いつも増えます。"
        ),
        columns=chart,
    )


def _relations(subject: Subject, study: Study) -> Finding | None:
    if not study.relations:
        return None
    return Finding(
        title=translate(subject.lang, "まちとのかかわり（本人の答え）"),
        sentences=(
            translate(
                subject.lang,
                "10人に満たないところは、だれの票か分からないように出しません。引き算で分かるところも出しません。",
            ),
        ),
        not_meant=translate(
            subject.lang, "答えてくれた人だけの数です。確かめてはいません。一人がいくつも選べます。"
        ),
        tables=(_relations_table(subject, study.relations),),
    )


def _relations_table(subject: Subject, parts: Sequence[RelationPart]) -> Table:
    """A row for each proposal and a column for each relation: there are few relations, and paper is narrow."""
    hidden = translate(subject.lang, "少ないため非表示")
    voters = (hidden if part.voters is None else subject.people(part.voters) for part in parts)
    rows = [
        (
            subject.title(proposal),
            *(
                hidden if part.approvals is None else subject.votes(part.approvals.get(proposal, 0))
                for part in parts
            ),
        )
        for proposal in subject.approvals
    ]
    return Table(
        "relations",
        translate(subject.lang, "かかわりごとの票"),
        (translate(subject.lang, "案"), *(relation_name(part.relation, subject.lang) for part in parts)),
        ((translate(subject.lang, "投票した人"), *voters), *rows),
    )


def relation_name(relation: str, lang: str) -> str:
    """A self-declared relation to the area; the code itself when it is none of ours."""
    return {
        "live": translate(lang, "住んでいる"),
        "work": translate(lang, "働いている"),
        "study": translate(lang, "学んでいる"),
        "visit": translate(lang, "訪れる"),
        "unsaid": translate(lang, "答えなし"),
    }.get(relation, relation)


def percent_words(share: str) -> str:
    """A share written as a decimal (``0.873``) in percent: ``87.3%``."""
    return f"{(Decimal(share) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
