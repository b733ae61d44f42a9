"""What residents decide about themselves: relation to the area, kinds of messages, stopping, being deleted."""

from collections.abc import Sequence
from dataclasses import dataclass

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import LANGUAGE_NAMES, marked, translate
from civic.residents.rules import UNSAID
from webhooks.line.messages import flex, taps, wording
from webhooks.line.messages.views import BallotView

NOT = "not-"
"""Stands before a relation that a button takes back."""

RELATIONS = {"live": marked("住む"), "work": marked("働く"), "study": marked("学ぶ"), "visit": marked("訪れる")}

KINDS = {
    "announcement": marked("投票の始まり"),
    "last_chance": marked("締め切りの前"),
    "result": marked("投票のけっか"),
    "installation": marked("設置のようす"),
    "evaluation": marked("設置の感想"),
}
"""What can be refused by itself: the kinds of campaigns."""

MOST_BALLOTS = 20
"""More are never open together; a message has room for them."""


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What is set for a resident; ``opted_out`` are the kinds of messages that are refused."""

    relations: Sequence[str]
    stopped: bool
    opted_out: Sequence[str]


@dataclass(frozen=True, slots=True)
class LeftView:
    """What became of the votes of somebody who had the data deleted: title and receipt of each withdrawal."""

    withdrawn: Sequence[tuple[BallotView, str]]


def settings_menu(view: SettingsView, lang: str, privacy_url: str) -> list[flex.Message]:
    """The answer to 設定: how it is now, and a button for everything that can be changed."""
    heading = translate(lang, "設定")
    again = [
        taps.command(translate(lang, "{kind}：受け取る", kind=kind_name(kind, lang)), "opt_in", lang, value=kind)
        for kind in view.opted_out
        if kind in KINDS and not view.stopped
    ]
    buttons: list[flex.Action] = [
        taps.relation(lang),
        *taps.other_languages(lang),
        *again,
        taps.resume(lang) if view.stopped else taps.stop(lang),
        taps.delete(lang),
        flex.link(translate(lang, "個人情報のあつかい"), wording.page(privacy_url, lang)),
    ]
    body = [flex.heading(heading), *(flex.paragraph(line) for line in _present(view, lang))]
    return [flex.flex_message(heading, flex.bubble(body, [flex.link_button(button) for button in buttons]))]


def _present(view: SettingsView, lang: str) -> list[str]:
    lines = [
        translate(lang, "ことば：{language}", language=LANGUAGE_NAMES[lang]),
        translate(lang, "まちとのかかわり：{relations}", relations=relation_names(view.relations, lang)),
    ]
    refused = [kind_name(kind, lang) for kind in view.opted_out if kind in KINDS]
    if view.stopped:
        return [*lines, translate(lang, "お知らせ：止めています")]
    if refused:
        kinds = translate(lang, "、").join(refused)
        return [*lines, translate(lang, "お知らせ：届きます（止めているもの：{kinds}）", kinds=kinds)]
    return [*lines, translate(lang, "お知らせ：届きます")]


def relation_question(relations: Sequence[str], lang: str) -> list[flex.Message]:
    """The one question: a button for each relation; one that is chosen is marked, and takes it back.

    What a button does never depends on what was tapped before: the same tap twice changes nothing more.
    """
    heading = translate(lang, "このまちとのかかわりを教えてください")
    body: list[flex.Component] = [
        flex.heading(heading),
        flex.paragraph(
            translate(lang, "あてはまるものを、いくつでも押してください。✓のついたものを押すと、外れます。")
        ),
        flex.paragraph(
            translate(
                lang,
                "どんな方が参加し、どの案を選んだかを、10人以上の合計でだけ知るために使います。答えなくてもかまいません。",
            ),
            "sm",
            quiet=True,
        ),
        *(flex.link_button(_choice(name, name in relations, lang)) for name in RELATIONS),
    ]
    footer = [
        flex.main_button(taps.command(translate(lang, "これでよい"), "relation_done", lang)),
        flex.link_button(taps.command(translate(lang, "答えない"), "relation", lang, value=UNSAID)),
    ]
    return [flex.flex_message(heading, flex.bubble(body, footer))]


def _choice(name: str, is_chosen: bool, lang: str) -> flex.PostbackAction:
    word = translate(lang, RELATIONS[name])
    if is_chosen:
        return taps.command(f"✓ {word}", "relation", lang, value=f"{NOT}{name}")
    return taps.command(word, "relation", lang, value=name)


def relation_thanks(relations: Sequence[str], lang: str) -> list[flex.Message]:
    """The answer to これでよい and 答えない, with what is kept now."""
    names = relation_names(relations, lang)
    text = translate(
        lang,
        "ありがとうございます。まちとのかかわり：{relations}。「設定」と送ると、いつでも変えられます。",
        relations=names,
    )
    return [flex.text_message(text, (taps.show_ballot(lang), taps.settings(lang)))]


def relation_names(relations: Sequence[str], lang: str) -> str:
    """The relations in words; that nothing is said when there are none."""
    named = [translate(lang, RELATIONS[name]) for name in relations if name in RELATIONS]
    return translate(lang, "、").join(named) or translate(lang, "答えていません")


def kind_name(kind: str, lang: str) -> str:
    """A kind of message in words."""
    return translate(lang, KINDS[kind])


def stopped(lang: str) -> list[flex.Message]:
    """The answer to 参加をやめる: what no longer comes, what still does, and how to go back or further."""
    text = translate(
        lang,
        "参加をやめました。こちらからのお知らせは、もう届きません。"
        "あなたが「投票」などと送ったときの返事は届きます。"
        "ことば、かかわり、同意した日の記録は残っています。消したいときは「データを削除」を押してください。",
    )
    return [flex.text_message(text, (taps.resume(lang), taps.delete(lang), taps.settings(lang)))]


def resumed(lang: str) -> list[flex.Message]:
    """The answer to お知らせを再開."""
    text = translate(lang, "お知らせを再開しました。すべての種類のお知らせが、また届きます。")
    return [flex.text_message(text, (taps.show_ballot(lang), taps.settings(lang)))]


def opted_out(kind: str, lang: str) -> list[flex.Message]:
    """That messages of one kind no longer come."""
    text = translate(
        lang, "「{kind}」のお知らせを止めました。ほかのお知らせは届きます。", kind=kind_name(kind, lang)
    )
    back = taps.command(translate(lang, "元に戻す"), "opt_in", lang, value=kind)
    return [flex.text_message(text, (back, taps.settings(lang)))]


def opted_in(kind: str, lang: str) -> list[flex.Message]:
    """That messages of one kind come again."""
    text = translate(lang, "「{kind}」のお知らせが、また届きます。", kind=kind_name(kind, lang))
    return [flex.text_message(text, (taps.settings(lang),))]


def ask_delete(ballots: Sequence[BallotView], lang: str) -> list[flex.Message]:
    """What データ削除 does, before it is done; ``ballots`` are the open ones whose vote would be withdrawn."""
    heading = translate(lang, "データを削除しますか")
    lines = [
        translate(
            lang,
            "消えるもの：LINE の利用者番号（暗号にしてあります）、ことば、かかわり、お知らせの設定、同意の記録。",
        ),
        _open_votes(ballots, lang),
        translate(
            lang,
            "締め切った投票の票は、数えたまま残ります。だれの票かを示すものは、ここには残りません。あとから見たり変えたりは、できなくなります。",
        ),
        translate(lang, "お知らせは止まります。もう一度「参加する」を押すと、はじめからになります。"),
    ]
    body = [flex.heading(heading), *(flex.paragraph(line) for line in lines)]
    footer = [
        flex.main_button(taps.command(translate(lang, "やめておく"), "settings", lang)),
        flex.link_button(taps.command(translate(lang, "データを削除する"), "delete_yes", lang)),
    ]
    return [flex.flex_message(heading, flex.bubble(body, footer))]


def _open_votes(ballots: Sequence[BallotView], lang: str) -> str:
    if not ballots:
        return translate(lang, "受付中の投票に、あなたの票はありません。")
    titles = "".join(f"「{_title(ballot, lang)}」" for ballot in ballots[:MOST_BALLOTS])
    return translate(lang, "受付中の投票のあなたの票は、とりさげます：{titles}", titles=titles)


def deleted(left: LeftView, lang: str) -> list[flex.Message]:
    """That it is done, with the receipt of each vote that was withdrawn, and how to end the friendship itself."""
    withdrawn = [
        translate(lang, "「{title}」の票をとりさげました。受付番号 {code}", title=_title(ballot, lang), code=code)
        for ballot, code in left.withdrawn[:MOST_BALLOTS]
    ]
    lines = [
        translate(lang, "データを削除しました。"),
        *withdrawn,
        translate(lang, "LINE の友だちとしては残っています。終わりにするには、このトークをブロックしてください。"),
    ]
    return [flex.text_message("\n".join(lines))]


def _title(ballot: BallotView, lang: str) -> str:
    return inside_sentence(wording.ballot_title(ballot, lang))


def arrived(place: str, lang: str) -> flex.Message:
    """The first line to somebody who came by the code of a place: which one."""
    text = translate(lang, "{place}のポスターからですね。", place=inside_sentence(place))
    return flex.text_message(text, (taps.show_ballot(lang), taps.settings(lang)))
