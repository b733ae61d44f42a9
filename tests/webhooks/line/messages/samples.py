"""Views for the message tests, with titles that have broken other products, and walkers over the JSON."""

from collections.abc import Iterator
from datetime import UTC, datetime

from webhooks.line import messages
from webhooks.line.messages import wording
from webhooks.line.messages.views import BallotView, CardView, InstallationView, ReceiptView, ResultView
from webhooks.line.postback import VoteTap, parse

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
TITLES = {
    "plain": "木かげベンチ",
    "emoji": FAMILY * 200,
    "family-40": FAMILY * 40,
    "kanji": "憩" * 200,
    "rare-kanji": "𠮷" * 200,
    "rtl": "مقعد في الظل للناس والحيوانات " * 6,
    "override": "\u202eベンチ",
    "stacked": "a" + "\u0301" * 199,
    "quotes": '"\\<b>&{title}%s\u2028\t' * 20,
    "blank": "  ",
}
OPTION_COUNTS = (1, 10, 11, 12, 13, 40, 41, 61)
CODE = "N7K4-2M0Q-8RST-VWXY"
MIDNIGHT_JST = datetime(2026, 10, 14, 15, tzinfo=UTC)
LONG_URL = "https://attara.example/p/" + "x" * 960


def card(number: int, title: str, url: str = "https://attara.example/p/nishi/option") -> CardView:
    return CardView(
        proposal=f"option-{number}",
        title={"ja": title},
        place={"ja": title},
        size_m=(6.0, 2.4, 3.2),
        cost_yen=2_800_000,
        url=url,
        picture_url="https://attara.example/pictures/option.jpg",
        for_whom=("elderly", "pets"),
    )


def ballot(options: int = 12, title: str = "木かげベンチ", most: int = 3, **changes) -> BallotView:
    view = {
        "slug": "attara-2026",
        "title": {"ja": title, "en": title},
        "closes_at": MIDNIGHT_JST,
        "max_approvals": most,
        "cards": tuple(card(number, title) for number in range(options)),
        "url": "https://attara.example/b/attara-2026",
    }
    return BallotView(**{**view, **changes})


def receipt(view: BallotView, **changes) -> ReceiptView:
    chosen = tuple(c.proposal for c in view.cards[: view.max_approvals])
    values = {
        "ballot": view,
        "code": CODE,
        "op": "add",
        "proposal": chosen[-1],
        "choices": chosen,
        "blank": False,
        "dropped": (),
        "counted": "counted",
    }
    return ReceiptView(**{**values, **changes})


def result(view: BallotView, **changes) -> ResultView:
    values = {
        "ballot": view,
        "url": view.url,
        "winners": view.cards,
        "voters": 1_234,
        "reason": view.title["ja"] * 9,
    }
    return ResultView(**{**values, **changes})


def every_installation(view: BallotView, lang: str) -> Iterator[list[dict]]:
    for status, note in (("adopted", ""), ("installed", view.title["ja"] * 9)):
        yield messages.installation_notice(InstallationView(view.cards[0], status, note, view.url), lang)


def every_message(view: BallotView, lang: str) -> Iterator[list[dict]]:
    """What each builder gives for a ballot and language."""
    title = view.title["ja"]
    chosen = tuple(c.proposal for c in view.cards)
    yield messages.greeting(lang, title, "https://attara.example/privacy")
    yield messages.consent_thanks(lang)
    yield messages.come_back_anytime(lang)
    yield messages.language_changed(lang)
    yield messages.help_message(lang)
    yield messages.text_only(lang)
    yield messages.welcome_back(lang)
    yield from every_list(view, lang)
    yield messages.group_chat_notice(lang)
    yield messages.no_open_ballot(lang)
    for is_counted in (True, False):
        yield messages.last_ballot(lang, wording.ballot_title(view, lang), view.url, is_counted=is_counted)
    yield messages.last_ballot(
        lang, wording.ballot_title(view, lang), view.url, is_counted=True, waits_for_lot=True
    )
    yield messages.no_open_ballot(lang, MIDNIGHT_JST, view.title)
    yield messages.no_open_ballot(lang, MIDNIGHT_JST)
    yield messages.ballot_announcement(view, lang)
    yield messages.choose_ballot([view] * 13, lang)
    yield from every_result(view, lang)
    yield from every_installation(view, lang)
    yield messages.my_votes(view, lang, chosen, False, True)
    yield messages.my_votes(view, lang, (), True, True)
    yield messages.my_votes(view, lang, (), False, False)
    yield from every_receipt(view, lang)
    yield from every_page(view, lang, 0)


def every_list(view: BallotView, lang: str) -> Iterator[list[dict]]:
    """Places, those nearby, and ended ballots: none, some, and more than a card holds."""
    places = [messages.PlaceView(c.proposal, c.title, c.title, c.url, 10.0**n) for n, c in enumerate(view.cards)]
    ended = [messages.EndedView(wording.card_title(c, lang), c.url, c.proposal == "option-0") for c in view.cards]
    home = "https://attara.example/"
    for number in (0, 1, 61):
        yield messages.place_list(places[:number], lang, home)
        yield messages.result_list(ended[:number], lang)
    yield messages.nearest_places(places[:3], lang)


def every_result(view: BallotView, lang: str) -> Iterator[list[dict]]:
    """The notices of a published result, with winners and without."""
    yield messages.result_notice(result(view), lang)
    yield messages.result_notice(result(view, winners=()), lang)


def every_receipt(view: BallotView, lang: str) -> Iterator[list[dict]]:
    chosen = tuple(c.proposal for c in view.cards)
    for counted in ("counted", "late", "invalid", "not_yet"):
        yield messages.receipt(receipt(view, choices=chosen, dropped=chosen, counted=counted), lang, True)
        yield messages.receipt(
            receipt(view, op="none", proposal="", choices=(), blank=True, counted=counted), lang, False
        )
        yield messages.receipt(receipt(view, op="withdraw", proposal="", choices=(), counted=counted), lang, False)
        yield messages.receipt(receipt(view, op="remove", proposal="gone", choices=("gone",)), lang, False)


def every_page(view: BallotView, lang: str, rotation: int) -> list[list[dict]]:
    """The pages a person sees who taps もっと見る until there is none, page 0 first."""
    pages = [messages.ballot_carousels(view, lang, rotation, 0)]
    while following := [tap.page for tap in taps(pages[-1]) if not isinstance(tap, VoteTap) and tap.page]:
        pages.append(messages.ballot_carousels(view, lang, rotation, following[0]))
    return pages


def actions(part) -> Iterator[dict]:
    """Every action anywhere in a message, in order."""
    if isinstance(part, dict):
        if "action" in part:
            yield part["action"]
        for value in part.values():
            yield from actions(value)
    elif isinstance(part, list):
        for value in part:
            yield from actions(value)


def taps(part) -> list:
    """What the postback buttons of a message send, in order."""
    return [parse(action["data"]) for action in actions(part) if action["type"] == "postback"]


def votes(part, op: str) -> list[tuple[VoteTap, dict]]:
    """The vote buttons of one kind with their actions."""
    found = ((parse(a["data"]), a) for a in actions(part) if a["type"] == "postback")
    return [(tap, action) for tap, action in found if isinstance(tap, VoteTap) and tap.op == op]


def texts(part) -> list[str]:
    """Everything a reader sees or hears read out: texts, alt texts, labels, what the chat shows as said."""
    if isinstance(part, dict):
        own = [v for k, v in part.items() if k in ("text", "altText", "label", "displayText")]
        return own + [text for value in part.values() for text in texts(value)]
    return [text for value in part for text in texts(value)] if isinstance(part, list) else []
