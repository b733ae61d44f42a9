"""Rules and results in plain words: how a rule counts, why a proposal won or not, how far two rules agree.

Pure: works on plain data and counts nothing. docs/methods.md has the rules word for word; this is what residents
read of them.
"""

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import localized, translate
from civic.tallies.methods.options import MesOptions, read_mes_options
from civic.tallies.methods.registry import NO_OPTIONS, Options
from civic.tallies.robustness.types import Fate, Margin, RuleResult
from civic.web.results import Names


def fate_in_words(fate: Fate, method: str, lang: str, reason: str = "") -> str:
    """Why a proposal won or not by the method: a sentence, its support by equal shares, and what it lacked.

    ``reason`` says more than the code of the fate can, and takes the place of its sentence.
    """
    says = (reason or reason_in_words(fate.reason, lang), _support(fate, method, lang), _missing(fate, lang))
    return " ".join(sentence for sentence in says if sentence)


def reason_in_words(reason: str, lang: str) -> str:
    """Why, by the codes of ``tallies/methods/explanations.py``."""
    return {
        "won": translate(lang, "選ばれました。"),
        "tie_open": translate(lang, "公開のくじがまだなので、選ばれるかどうか決まっていません。"),
        "lost_by_lot": translate(lang, "票数も費用もほかの案と同じで、公開のくじで、ほかの案に決まりました。"),
        "no_votes": translate(lang, "票が入らなかったため、選ばれませんでした。"),
        "dearer_than_budget": translate(lang, "費用が予算の全体より大きいため、票が多くても選べません。"),
        "fewer_votes": translate(
            lang,
            "置ける場所に、もっと票の多い案か、同じ票数で費用の少ない案があったため、選ばれませんでした。",
        ),
        "sites_taken": translate(lang, "置ける場所が、選ばれた案でうまったため、選ばれませんでした。"),
        "over_budget": translate(
            lang, "選ばれた案の費用を引くと、残りの予算では足りないため、選ばれませんでした。"
        ),
        "too_little_support": translate(
            lang, "この案を選んだ人たちの持ち分を合わせても、費用に届かないため、選ばれませんでした。"
        ),
        "not_computed": translate(lang, "案が多いので、このきまりでは計算していません。"),
    }.get(reason, "")


def method_explained(method: str, lang: str, options: Options = NO_OPTIONS) -> tuple[str, ...]:
    """How a method counts, a paragraph each; ``options`` are the ballot's ``method_options``.

    Raises:
        TallyInputError: options that the method does not know.
    """
    if method == "mes":
        own = _equal_shares_explained(read_mes_options(options), lang)
    else:
        own = _explained(lang).get(method, ())
    return (*own, _what_a_vote_is(lang)) if own else ()


def tie_rule(law_document: Mapping[str, Any], lang: str) -> str:
    """What decides when proposals are level in votes, and where the lot comes from, by a manifest."""
    order = translate(lang, "同じ票数なら、費用の少ない案が先です。それも同じなら、公開のくじで決めます。")
    beacon = localized(law_document.get("beacon") or {}, lang)
    if not beacon:
        return _sentences(
            order,
            translate(
                lang,
                "くじに使う値は、まだだれも知らない公開の値の中から、くじの前に決めて知らせます。"
                "だから、だれも結果を選べません。",
            ),
        )
    return _sentences(
        order,
        translate(
            lang,
            "くじに使う値：{beacon}。投票が終わるまでだれも知らない値なので、だれも結果を選べません。",
            beacon=inside_sentence(beacon),
        ),
    )


def overlap_in_words(result: RuleResult, lang: str) -> str:
    """What a rule that is not the ballot's would have selected, against the ballot's own result."""
    if result.status == "not_computed":
        return translate(lang, "案が多いので、このきまりでは計算していません。")
    pending = (
        translate(lang, "同じ票数・同じ費用の案があり、このきまりではくじを引くまで一部が決まりません。")
        if result.status == "tie_pending"
        else ""
    )
    return _sentences(agreement(result.both, result.either, lang), pending)


def agreement(both: int, either: int, lang: str) -> str:
    """How far two results agree: winners of both, and of at least one of them."""
    if both == either:
        return translate(lang, "選ばれる案は、この投票の結果と同じです。")
    if not both:
        return translate(lang, "選ばれる案は、この投票の結果と一つも重なりません。")
    return translate(
        lang,
        "この投票の結果と同じ案は{both}件です（どちらかで選ばれる案は、合わせて{either}件）。",
        both=f"{both:,}",
        either=f"{either:,}",
    )


def margin_in_words(margin: Margin, names: Names, lang: str) -> str:
    """The closest race: which loser needed how few votes, and whose place it would have taken."""
    rival = inside_sentence(names.proposal(margin.rival, lang))
    says = _closest_in_words(margin, rival, lang)
    if margin.winner is None:
        return says
    winner = inside_sentence(names.proposal(margin.winner, lang))
    return _sentences(says, translate(lang, "代わりに「{winner}」が選ばれなくなっていました。", winner=winner))


def unsuitable_in_words(code: str, lang: str) -> str:
    """Why a method does not suit a ballot, for its planner; the code itself when it is none of ours."""
    return {
        "one_approval": translate(
            lang,
            "持ち分方式は、一人が一つの案しか選べない投票には向きません。ほとんどの案が持ち分では決まらず、"
            "余った予算を票の順に使うだけになります。一人が三つ以上選べるようにするか、ほかのきまりを選んでください。",
        ),
        "no_budget": translate(
            lang,
            "予算がないと、持ち分方式で分けるものがありません。票のある案は、場所があるかぎり選ばれます。"
            "予算を決めるか、ほかのきまりを選んでください。",
        ),
        "no_rivals": translate(
            lang,
            "どの案も、場所と予算をほかの案と争いません。票が一つでもあれば、その案は選ばれます。"
            "それでよいか確かめてください。",
        ),
    }.get(code, code)


def _support(fate: Fate, method: str, lang: str) -> str:
    """How equal shares supported a proposal; empty for other methods."""
    if method != "mes":
        return ""
    if fate.reason == "won" and fate.effective_votes is not None:
        people = Decimal(fate.effective_votes).quantize(Decimal("0.1"), ROUND_HALF_UP)
        return translate(lang, "実質の支持は{n}人分です。", n=f"{people:,}")
    if fate.reason == "too_little_support" and fate.covered is not None:
        percent = (Decimal(fate.covered) * 100).quantize(Decimal(1), ROUND_DOWN)
        return translate(lang, "残っていた持ち分は、費用の{n}%でした。", n=percent)
    return ""


def _closest_in_words(margin: Margin, rival: str, lang: str) -> str:
    values = {"rival": rival, "n": f"{margin.added:,}"}
    if margin.added == 1:
        return translate(
            lang, "いちばんの接戦：「{rival}」だけを選ぶ票があと1票あれば、この案が選ばれていました。", rival=rival
        )
    if margin.exact:
        return translate(
            lang, "いちばんの接戦：「{rival}」だけを選ぶ票があと{n}票あれば、この案が選ばれていました。", **values
        )
    return translate(
        lang,
        "いちばんの接戦（目安）：「{rival}」だけを選ぶ票があと{n}票あれば、この案が選ばれていました。",
        **values,
    )


def _missing(fate: Fate, lang: str) -> str:
    """あと何票: how many more voters for this proposal alone would have made it win; empty when not known."""
    number = fate.votes_missing
    if number is None:
        return ""
    if number == 1:  # fewer is not possible: one is exact by every method
        return translate(lang, "この案だけを選ぶ票があと1票あれば、選ばれていました。")
    if fate.exact:
        return translate(lang, "この案だけを選ぶ票があと{n}票あれば、選ばれていました。", n=f"{number:,}")
    return translate(
        lang,
        "目安：この案だけを選ぶ票があと{n}票あれば、選ばれていました。もっと少なくても足りたかもしれません。",
        n=f"{number:,}",
    )


def _explained(lang: str) -> dict[str, tuple[str, ...]]:
    """The methods without options."""
    return {
        "site_winner": (
            translate(lang, "場所ごとに分けて考えます。その場所に置ける案のうち、票がいちばん多い案を選びます。"),
            translate(lang, "一つの案が、いくつもの場所で選ばれることもあります。"),
            translate(
                lang,
                "予算に限りがあるときは、1位の案の票が多い場所から順に、費用を払います。残りの予算で足りない場所は"
                "飛ばします。そこの2位の案が代わりに選ばれることはありません。予算の全体より高い案は、はじめから外します。",
            ),
        ),
        "greedy": (
            translate(
                lang,
                "票の多い案から順に見ます。予算が足りて、置く場所もあれば選びます。なければ飛ばして、次の案を見ます。",
            ),
            translate(
                lang,
                "一つの場所に置けるのは、一つの案だけです。先に選ばれた案は、あとの案のために外されません。"
                "ただし、置けるほかの場所へ動くことはあります。",
            ),
        ),
        "max_approval": (
            translate(
                lang,
                "予算と場所に入る組み合わせをすべて比べます。その中で、案がもらった票の合計がいちばん多い組み合わせです。",
            ),
            translate(
                lang, "だれの希望がかなうかは考えません。大きな一つのまとまりの希望だけがかなうこともあります。"
            ),
        ),
    }


def _equal_shares_explained(options: MesOptions, lang: str) -> tuple[str, ...]:
    return (
        translate(
            lang,
            "予算を、投票した人みんなに同じ額ずつ分けたと考えます。これを「持ち分」といいます。"
            "たとえば予算300万円に600人が投票すると、一人の持ち分は5,000円です。",
        ),
        _bought_first(options, lang),
        translate(
            lang,
            "案が決まると、その案を選んだ人の持ち分が減ります。持ち分が残っている人の希望に、次の順番が回ります。",
        ),
        _rest(options, lang),
        translate(lang, "一つの場所に置けるのは、一つの案だけです。"),
        translate(lang, "持ち分は計算のためだけのものです。投票した人がお金を払うことはありません。"),
    )


def _bought_first(options: MesOptions, lang: str) -> str:
    if options.utility == "cardinality":
        return translate(
            lang,
            "ある案を選んだ人たちの持ち分を合わせて費用に届けば、その案は選べます。"
            "選べる案のうち、一人が払う額がいちばん少なくてすむ案から決めます。",
        )
    return translate(
        lang,
        "ある案を選んだ人たちの持ち分を合わせて費用に届けば、その案は選べます。費用を、いちばん多く払う人の額で"
        "割った数が「実質の支持」です。選べる案のうち、実質の支持がいちばん大きい案から決めます。",
    )


def _rest(options: MesOptions, lang: str) -> str:
    """What becomes of money that is left."""
    raised = (
        translate(lang, "予算が余れば、みんなの持ち分を少しずつ増やして、はじめから数えなおします。")
        if options.increment != 0
        else ""
    )
    if options.completion == "greedy":
        last = translate(lang, "最後まで余った予算は、票の多い順に、入る案に使います。")
    else:
        last = translate(lang, "最後まで余った予算は、使いません。")
    return _sentences(raised, last)


def _what_a_vote_is(lang: str) -> str:
    return translate(
        lang,
        "票のない案は選ばれません。「どれも選ばない」は、投票した人の数に入りますが、どの案の票にもなりません。",
    )


def _sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
