"""What the account says besides the ballot: greeting, consent, language, help and gentle refusals."""

from collections.abc import Mapping
from datetime import datetime

from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import localized, translate
from webhooks.line.messages import flex, taps, wording
from webhooks.line.messages.graphemes import shorten


def purpose(lang: str) -> str:
    """What the vote is for and what is kept, in three sentences."""
    return translate(
        lang,
        "この投票は、まちの場所に「あったらいいな」と思うものをみなさんに選んでもらい、実際につくる案を決めるときに使います。"
        "LINE の名前や写真は使いません。LINE のアカウント1つにつき1票です。",
    )


def greeting(lang: str, organiser: str, privacy_url: str) -> list[flex.Message]:
    """The answer to a follow: who, what for, what is kept; consent, the ballot and the other languages.

    Consent stands in the card and as quick replies, since LINE on a computer shows no quick replies.
    """
    who = inside_sentence(shorten(organiser, clusters=60, units=120))
    card = flex.bubble(
        body=[
            flex.heading(translate(lang, "友だち追加ありがとうございます")),
            flex.paragraph(translate(lang, "{organiser}の投票アカウントです。", organiser=who)),
            flex.paragraph(purpose(lang)),
            flex.paragraph(_what_is_kept(lang), "sm", quiet=True),
        ],
        footer=[
            flex.main_button(taps.consent(lang)),
            flex.link_button(taps.show_ballot(lang)),
            *(flex.link_button(action) for action in taps.other_languages(lang)),
            flex.link_button(flex.link(translate(lang, "個人情報のあつかい"), wording.page(privacy_url, lang))),
        ],
    )
    alt_text = translate(lang, "{organiser}の投票アカウントへようこそ", organiser=who)
    quick = (taps.consent(lang), taps.later(lang), taps.show_ballot(lang), *taps.other_languages(lang))
    return [flex.flex_message(alt_text, card, quick)]


def _what_is_kept(lang: str) -> str:
    return translate(
        lang,
        "お知らせを届け、二重の投票を防ぐために、LINE の利用者番号を暗号にして保存します。"
        "「参加する」を押す前でも、見たり投票したりできます。",
    )


def welcome_back(lang: str) -> list[flex.Message]:
    """The answer to somebody known who has ended a block: that it goes on as it was."""
    text = translate(lang, "おかえりなさい。ことばなどの設定は、前のままです。「投票」と送ると、案を見られます。")
    return [flex.text_message(text, (taps.show_ballot(lang), taps.my_votes(lang), *taps.other_languages(lang)))]


def consent_thanks(lang: str) -> list[flex.Message]:
    """The answer to 参加する."""
    text = translate(
        lang, "ありがとうございます。参加を受け付けました。「投票」と送ると、いつでも案を見られます。"
    )
    return [flex.text_message(text, (taps.show_ballot(lang), taps.my_votes(lang)))]


def come_back_anytime(lang: str) -> list[flex.Message]:
    """The answer to あとで."""
    text = translate(lang, "わかりました。気が向いたら「投票」と送ってください。いつでも案を見られます。")
    return [flex.text_message(text, (taps.show_ballot(lang), taps.consent(lang)))]


def language_changed(lang: str) -> list[flex.Message]:
    """The answer to a language button, in the new language."""
    text = translate(lang, "これからは日本語でお知らせします。")
    return [flex.text_message(text, (taps.show_ballot(lang), *taps.other_languages(lang)))]


def no_open_ballot(
    lang: str, next_opens: datetime | None = None, title: Mapping[str, str] | None = None
) -> list[flex.Message]:
    """The answer when nothing can be voted on: the next ballot's opening (UTC-aware) and title, if known."""
    lines = [translate(lang, "いま受け付けている投票はありません。")]
    if next_opens is not None:
        name = localized(title or {}, lang)
        lines.append(_next_ballot(lang, name, wording.moment(next_opens, lang)))
    return [flex.text_message("\n".join(lines), (taps.my_votes(lang), *taps.other_languages(lang)))]


def last_ballot(
    lang: str, title: str, results_url: str, *, is_counted: bool, waits_for_lot: bool = False
) -> list[flex.Message]:
    """The ballot that ended last, with the way to its results; before they are there, that they are coming."""
    name = inside_sentence(title)
    if waits_for_lot:
        told = translate(lang, "投票は終わりました。同じ票数の案があるので、これから公開のくじを引きます。")
    elif is_counted:
        told = translate(lang, "投票は終わりました。結果を見られます。")
    else:
        told = translate(lang, "投票は締め切りました。いま集計しています。終わると、ここで結果を見られます。")
    body = (flex.heading(name), flex.paragraph(told))
    button = flex.main_button(flex.link(translate(lang, "けっかを見る"), wording.page(results_url, lang)))
    alt_text = translate(lang, "「{title}」のけっか", title=name)
    return [flex.flex_message(alt_text, flex.bubble(body, [button]))]


def _next_ballot(lang: str, name: str, when: str) -> str:
    if not name.strip():
        return translate(lang, "次の投票は {when} に始まります。", when=when)
    title = inside_sentence(shorten(name, clusters=60, units=120))
    return translate(lang, "次の投票「{title}」は {when} に始まります。", title=title, when=when)


def help_message(lang: str) -> list[flex.Message]:
    """The words the account understands, as text and as buttons."""
    text = translate(
        lang,
        "「投票」と送ると、案を見て投票できます。「わたしの票」と送ると、いまの票を見たり、取り消したりできます。"
        "英語で見るには「English」と送ってください。",
    )
    return [flex.text_message(text, _first_steps(lang))]


def text_only(lang: str) -> list[flex.Message]:
    """The answer to a photo, film, sticker, voice or file."""
    text = translate(
        lang,
        "写真、動画、スタンプ、音声、ファイルは受け取っていません。内容は保存しません。"
        "「投票」と送るか、下のボタンを押してください。",
    )
    return [flex.text_message(text, _first_steps(lang))]


def _first_steps(lang: str) -> tuple[flex.Action, ...]:
    word = translate(lang, "投票")
    return (
        flex.say(word, word),
        taps.my_votes(lang),
        taps.places(lang),
        taps.results(lang),
        taps.settings(lang),
        *taps.other_languages(lang),
    )


def group_chat_notice(lang: str) -> list[flex.Message]:
    """The answer in a group or room, where a vote would be seen by everyone."""
    text = translate(
        lang,
        "グループのトークでは投票できません。だれが何を選んだか、ほかの人に見えてしまうためです。"
        "このアカウントを友だちに追加して、1対1のトークで「投票」と送ってください。",
    )
    return [flex.text_message(text)]
