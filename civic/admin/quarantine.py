"""What the webhook put aside. The composition hands in how to list it and how to run it again."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.pages import Trouble
from civic.kernel.clock import from_ms
from civic.kernel.i18n import translate
from civic.web.times import moment

FAILED = "failed"


class AsideEvent(Protocol):
    """An event that was put aside. The body stays sealed; only whether it is still there matters here."""

    event_key: bytes
    reason: str | None
    body: bytes | None
    received_ms: int


@dataclass(frozen=True)
class Quarantine:
    """How to read the quarantine, and how to put an event back in the line (NotFound when it cannot be)."""

    list: Callable[[AsyncSession], Awaitable[Sequence[AsideEvent]]]
    run_again: Callable[[AsyncSession, bytes], Awaitable[None]]


@dataclass(frozen=True)
class AsideRow:
    """An event in quarantine: no text, no person, only why and when; ``code`` is for who maintains the server."""

    key: str
    received: str
    reason: str
    code: str
    can_run_again: bool


@dataclass(frozen=True)
class QuarantinePage:
    """``/admin/quarantine``."""

    events: tuple[AsideRow, ...]
    trouble: Trouble | None


async def quarantine_page(
    session: AsyncSession, quarantine: Quarantine, lang: str, trouble: Trouble | None = None
) -> QuarantinePage:
    """What was put aside, the latest first."""
    return QuarantinePage(tuple(_row(event, lang) for event in await quarantine.list(session)), trouble)


def reason_in_words(reason: str, lang: str) -> str:
    """Why an event was put aside, and what helps; in general words when the reason is none of ours."""
    kind = reason.partition(":")[0]
    return {
        "ballot_unknown": translate(
            lang, "知らない投票への票でした。投票を読み込んでから、もう一度処理してください。"
        ),
        "body_unreadable": translate(lang, "LINE からの知らせとして読めない内容でした。することはありません。"),
        "event_id_odd": translate(lang, "通知の番号が、決まった形ではありませんでした。することはありません。"),
        "event_malformed": translate(lang, "通知の形が、LINE の決まりとちがいました。することはありません。"),
        "event_unreadable": translate(
            lang, "暗号を開けませんでした。CIVIC_SECRET_KEY を元に戻してから、もう一度処理してください。"
        ),
        "timestamp_ahead": translate(
            lang, "通知の時刻が、サーバーの時計より進んでいました。時計を確かめてから、もう一度処理してください。"
        ),
        "timestamp_odd": translate(lang, "通知の時刻が、あり得ない値でした。することはありません。"),
        FAILED: translate(
            lang, "処理しているあいだに不具合が起きました。サーバーの管理者が直したら、もう一度処理してください。"
        ),
    }.get(kind) or translate(lang, "処理できませんでした。サーバーの管理者に知らせてください。")


def _row(event: AsideEvent, lang: str) -> AsideRow:
    code = event.reason or ""
    received = moment(from_ms(event.received_ms), lang)
    return AsideRow(event.event_key.hex(), received, reason_in_words(code, lang), code, bool(event.body))
