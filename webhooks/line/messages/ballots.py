"""The ballot in the chat: carousels by reply, and the short announcement that leads to them.

Cards hold nothing about a person: they are built once for a ballot, language, rotation and page.
"""

from collections.abc import Sequence
from datetime import datetime

from civic.ballots.rules import rotated
from civic.kernel.bidi import inside_sentence
from civic.kernel.i18n import translate
from webhooks.line.messages import flex, limits, taps, wording
from webhooks.line.messages.views import BallotView, CardView

OPTIONS_PER_CAROUSEL = 10
CAROUSELS_PER_REPLY = 4


def ballot_carousels(view: BallotView, lang: str, rotation: int, page: int) -> list[flex.Message]:
    """The rules of the ballot as a text, then up to 4 carousels of up to 10 options.

    ``rotation`` (0-11) says where the round of options starts, ``page`` (from 0) which part of it is shown; a
    page beyond the last shows the last. Over all pages each option comes exactly once.
    """
    carousels = _carousels(view, lang, rotation)
    pages = [carousels[i : i + CAROUSELS_PER_REPLY] for i in range(0, len(carousels), CAROUSELS_PER_REPLY)]
    page = min(page, len(pages) - 1)
    further = page + 1 if page + 1 < len(pages) else None
    return [
        flex.text_message(_rules(view, lang, page, len(pages))),
        *(_carousel_message(view, lang, cards, None) for cards in pages[page][:-1]),
        _carousel_message(view, lang, pages[page][-1], further, last=True),
    ]


def _carousels(view: BallotView, lang: str, rotation: int) -> list[list[flex.Bubble]]:
    if not view.cards:
        raise ValueError(f"ballot {view.slug} has no option to show")
    closing = limits.json_size(_closing_bubble(view, lang, further=limits.BUBBLES))
    bubbles = [_option_bubble(view, card, lang) for card in rotated(view.cards, rotation)]
    return pack(bubbles, OPTIONS_PER_CAROUSEL, reserved=closing)


def pack(bubbles: Sequence[flex.Bubble], most: int, reserved: int = 0) -> list[list[flex.Bubble]]:
    """The bubbles in order, in as few carousels as ``most`` and LINE's 50 KB allow.

    ``reserved`` bytes are kept free in each for what the caller adds.
    """
    room = limits.CAROUSEL_BYTES - reserved - limits.json_size(flex.carousel([]))
    groups: list[list[flex.Bubble]] = []
    used = 0
    for bubble in bubbles:
        size = limits.json_size(bubble) + len(", ")
        if not groups or len(groups[-1]) == most or used + size > room:
            groups.append([])
            used = 0
        groups[-1].append(bubble)
        used += size
    return groups


def _rules(view: BallotView, lang: str, page: int, pages: int) -> str:
    title = wording.ballot_title(view, lang)
    if page:
        return translate(lang, "{title}（つづき {page}/{pages}）", title=title, page=page + 1, pages=pages)
    return "\n".join((title, how_many(view, lang), until(view, lang)))


def how_many(view: BallotView, lang: str) -> str:
    """How many options may be chosen."""
    number = wording.amount(lang, view.max_approvals)
    return translate(
        lang,
        "「あったらいいな」と思う案を{number}まで選べます。ボタンを押すと、すぐに投票されます。",
        number=number,
    )


def until(view: BallotView, lang: str) -> str:
    """Until when a vote can be given and changed."""
    return translate(lang, "{when} まで、何度でも変えられます。", when=wording.deadline(view.closes_at, lang))


def _carousel_message(
    view: BallotView, lang: str, cards: list[flex.Bubble], further: int | None, *, last: bool = False
) -> flex.Message:
    contents = flex.carousel([*cards, _closing_bubble(view, lang, further)])
    quick = (taps.my_votes(lang, view.slug), *taps.other_languages(lang)) if last else ()
    return flex.flex_message(_alt_text(view, lang), contents, quick)


def _alt_text(view: BallotView, lang: str) -> str:
    title = inside_sentence(wording.ballot_title(view, lang))
    return translate(lang, "投票「{title}」：案を横に送って見られます。", title=title)


def _option_bubble(view: BallotView, card: CardView, lang: str) -> flex.Bubble:
    page = flex.link(translate(lang, "3Dで見る"), wording.page(card.url, lang))
    shown = card.picture_url is not None and limits.is_picture_url(card.picture_url)
    return flex.bubble(
        body=[flex.heading(wording.card_title(card, lang)), *_facts(card, lang)],
        footer=[flex.main_button(taps.add(view, card, lang)), flex.link_button(page)],
        hero=flex.picture(card.picture_url, page) if card.picture_url and shown else None,
        size="kilo",
    )


def _facts(card: CardView, lang: str) -> list[flex.Text]:
    facts = (
        wording.place(card, lang),
        wording.size(card, lang),
        wording.for_whom(card, lang),
        wording.cost(card, lang),
    )
    return [flex.paragraph(fact, "sm", quiet=True) for fact in facts if fact]


def _closing_bubble(view: BallotView, lang: str, further: int | None) -> flex.Bubble:
    more = [] if further is None else [flex.main_button(taps.more(view, lang, further))]
    return flex.bubble(
        body=[
            flex.heading(translate(lang, "選びたい案がないときは")),
            flex.paragraph(
                translate(lang, "「どれも選ばない」も、ひとつの意見として受け付けます。"), "sm", quiet=True
            ),
        ],
        footer=[
            *more,
            flex.link_button(taps.none_of_these(view, lang)),
            flex.link_button(taps.browser(lang, view.slug)),
        ],
        size="kilo",
    )


def ballot_announcement(view: BallotView, lang: str) -> list[flex.Message]:
    """The message that goes to every friend: one short bubble with a button; the carousel is its free reply."""
    title = inside_sentence(wording.ballot_title(view, lang))
    alt_text = translate(lang, "投票のお知らせ：{title}", title=title)
    return [flex.flex_message(alt_text, _invitation(view, lang))]


def browser_link(view: BallotView, lang: str, url: str, works_until: datetime) -> list[flex.Message]:
    """The answer to ブラウザで投票: a personal link, until when it works (UTC-aware), and that it is personal."""
    title = wording.ballot_title(view, lang)
    when = wording.moment(works_until, lang)
    body = (
        flex.heading(title),
        flex.paragraph(
            translate(lang, "あなた専用の投票ページです。トークでの票と同じ票を、見たり変えたりできます。")
        ),
        flex.paragraph(translate(lang, "このリンクは {when} まで使えます。", when=when)),
        flex.paragraph(
            translate(
                lang,
                "ほかの人に送らないでください。開いた人が、あなたの票を変えられます。"
                "期限が過ぎたら、もう一度「ブラウザで投票」を押してください。",
            ),
            "sm",
            quiet=True,
        ),
    )
    footer = [flex.main_button(flex.link(translate(lang, "投票ページを開く"), url))]
    alt_text = translate(lang, "「{title}」の投票ページ（{when} まで）", title=inside_sentence(title), when=when)
    return [flex.flex_message(alt_text, flex.bubble(body, footer))]


def form_inside_line(view: BallotView, lang: str, url: str) -> list[flex.Message]:
    """The answer to ブラウザで投票 where LINE itself says who opens the form: the same address for everybody."""
    title = wording.ballot_title(view, lang)
    body = (
        flex.heading(title),
        flex.paragraph(
            translate(lang, "投票ページが LINE の中で開きます。トークでの票と同じ票を、見たり変えたりできます。")
        ),
    )
    footer = [flex.main_button(flex.link(translate(lang, "投票ページを開く"), url))]
    alt_text = translate(lang, "「{title}」の投票ページ", title=inside_sentence(title))
    return [flex.flex_message(alt_text, flex.bubble(body, footer))]


def choose_ballot(views: Sequence[BallotView], lang: str) -> list[flex.Message]:
    """The answer to 投票 while several ballots are open: a card for each (60 at most), leading to its options."""
    alt_text = translate(lang, "いま受け付けている投票です。見たいものを選んでください。")
    groups = pack([_invitation(view, lang) for view in views], limits.BUBBLES)
    return [flex.flex_message(alt_text, flex.carousel(group)) for group in groups[: limits.MESSAGES]]


def _invitation(view: BallotView, lang: str) -> flex.Bubble:
    body = (
        flex.heading(wording.ballot_title(view, lang)),
        flex.paragraph(how_many(view, lang)),
        flex.paragraph(until(view, lang), quiet=True),
    )
    return flex.bubble(body, [flex.main_button(taps.show_ballot(lang, view.slug))])
