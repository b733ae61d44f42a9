"""The audit trail in words: who did what to which thing, when, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.admin.gate import DEMO_ACTOR
from civic.audit.queries import latest_entries
from civic.audit.tables import AuditEntry
from civic.installations.tables import STATUSES
from civic.kernel.i18n import translate
from civic.staff.queries import names_by_actor
from civic.web import words
from civic.web.times import moment

MOST_ENTRIES = 200
_SAID = ("reason", "note", "beacon", "source")
"""What people themselves wrote, shown first; everything else is for looking up."""


@dataclass(frozen=True)
class AuditRow:
    """An entry of the trail; ``verb`` is the code behind ``deed``, ``details`` are names and values recorded."""

    at: str
    actor: str
    deed: str
    verb: str
    subject: str
    said: str
    details: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AuditPage:
    """``/admin/audit``."""

    entries: tuple[AuditRow, ...]
    limit: int


async def audit_page(session: AsyncSession, lang: str) -> AuditPage:
    """The latest entries of the audit trail."""
    names = await names_by_actor(session)
    return AuditPage(
        tuple(_row(entry, names, lang) for entry in await latest_entries(session, MOST_ENTRIES)), MOST_ENTRIES
    )


def actor_in_words(actor: str, names: Mapping[str, str], lang: str) -> str:
    """Who acted, as staff read it; ``names`` as from ``names_by_actor``. The code itself when it is unknown."""
    ours = {
        DEMO_ACTOR: translate(lang, "デモの職員"),
        "demo": translate(lang, "デモの準備"),
        "scheduler": translate(lang, "自動（予定の時刻）"),
        "cli": translate(lang, "サーバーのコマンド"),
    }
    return names.get(actor) or ours.get(actor, actor)


def deed_in_words(verb: str, lang: str) -> str:
    """What was done, such as 投票を始めた; the verb itself when it is none of ours."""
    noun, _, step = verb.partition(".")
    if noun == "installation" and step in STATUSES:
        return translate(lang, "設置のようす：{status}", status=words.installation_status(step, lang))
    return {
        "ballot.announced": translate(lang, "投票のお知らせを送った"),
        "ballot.cancelled": translate(lang, "投票を中止した"),
        "ballot.closed": translate(lang, "投票を締め切った"),
        "ballot.corrected": translate(lang, "投票の文章を訂正した"),
        "ballot.decided": translate(lang, "決定を記録した"),
        "ballot.extended": translate(lang, "締め切りを延ばした"),
        "ballot.opened": translate(lang, "投票を始めた"),
        "ballot.option_withdrawn": translate(lang, "案を取り下げた"),
        "ballot.last_chance_announced": translate(lang, "締め切り前のお知らせを送った"),
        "ballot.result_announced": translate(lang, "結果のお知らせを送った"),
        "ballot.sealed": translate(lang, "票を確定した"),
        "codes.made": translate(lang, "投票カードを作った"),
        "codes.voided": translate(lang, "投票カードを無効にした"),
        "installation.announced": translate(lang, "設置のお知らせを送った"),
        "installation.evaluation_asked": translate(lang, "感想を聞くお知らせを送った"),
        "message.given_up": translate(lang, "止まったお知らせの残りを、送らずに終えた"),
        "message.scheduled": translate(lang, "お知らせの時刻を決めた"),
        "message.tested": translate(lang, "お知らせをテストで送った"),
        "message.unscheduled": translate(lang, "お知らせの時刻を取り消した"),
        "outside_poll.recorded": translate(lang, "ほかの調査を記録した"),
        "outside_poll.retracted": translate(lang, "ほかの調査の記録を取り消した"),
        "programme.loaded": translate(lang, "事業のファイルを読み込んだ"),
        "proposal.corrected": translate(lang, "提案を直した"),
        "proposal.registered": translate(lang, "提案を登録した"),
        "quarantine.run_again": translate(lang, "わきに置いた通知をもう一度処理した"),
        "staff.invited": translate(lang, "職員のリンクを作った"),
        "staff.removed": translate(lang, "職員のアクセスを終えた"),
        "staff.signed_in": translate(lang, "サインインした"),
        "staff.signed_out": translate(lang, "サインアウトした"),
        "tally.frozen": translate(lang, "集計した"),
        "tie.beacon_named": translate(lang, "くじのもとにする公開の値を決めた"),
        "tie.drawn": translate(lang, "同数の案をくじで決めた"),
        "tester.invited": translate(lang, "テストする人を登録するための言葉を作った"),
        "tester.removed": translate(lang, "テストする人を外した"),
    }.get(verb, verb)


def _row(entry: AuditEntry, names: Mapping[str, str], lang: str) -> AuditRow:
    return AuditRow(
        at=moment(entry.at, lang),
        actor=actor_in_words(entry.actor, names, lang),
        deed=deed_in_words(entry.verb, lang),
        verb=entry.verb,
        subject=names.get(entry.subject, entry.subject),
        said=next((str(entry.data[name]) for name in _SAID if entry.data.get(name)), ""),
        details=tuple((name, _value(value)) for name, value in sorted(entry.data.items())),
    )


def _value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
