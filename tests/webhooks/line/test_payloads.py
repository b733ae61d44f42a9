"""Every recorded event, as LINE would send it now: what is answered, and what it leaves behind."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.line import Place, words

from civic.kernel.clock import now, to_ms
from webhooks.line.messages import check_messages

FOLDER = Path(__file__).parent / "payloads"
PAYLOADS = {str(path.relative_to(FOLDER).with_suffix("")): path for path in FOLDER.rglob("*.json")}


@dataclass(frozen=True)
class Outcome:
    """What comes of an event: a phrase of the answer (None: silence), the votes and the residents it makes."""

    says: str | None = None
    votes: int = 0
    residents: int = 0


SILENCE = Outcome()
DECLINED = Outcome("内容は保存しません")
ASKS_FOR_ONE_TO_ONE = Outcome("1対1のトークで")
GREETING = Outcome("友だち追加ありがとうございます", residents=1)

OUTCOMES = {
    "account-link": SILENCE,
    "account-link-failed": SILENCE,
    "activated": SILENCE,
    "beacon": SILENCE,
    "beyond/message-edited": SILENCE,
    "beyond/unknown-event": SILENCE,
    "beyond/unknown-message": DECLINED,
    "beyond/unknown-source": SILENCE,
    "bot-resumed": SILENCE,
    "bot-suspended": SILENCE,
    "deactivated": SILENCE,
    "delivery": SILENCE,
    "follow": GREETING,
    "follow-unblocked": GREETING,  # somebody we do not know yet, so everything has still to be said
    "join": ASKS_FOR_ONE_TO_ONE,
    "join-room": ASKS_FOR_ONE_TO_ONE,
    "leave": SILENCE,
    "member-joined": SILENCE,
    "member-left": SILENCE,
    "membership-joined": SILENCE,
    "membership-left": SILENCE,
    "membership-renewed": SILENCE,
    "message-audio": DECLINED,
    "message-file": DECLINED,
    "message-image": DECLINED,
    "message-location": Outcome("いちばん近い場所：水の広場（約180m）"),
    "message-location-plain": Outcome("いちばん近い場所：水の広場（約1.1km）"),
    "message-standby": SILENCE,
    "message-sticker": DECLINED,
    "message-text": Outcome("あったらいいな"),
    "message-text-emoji-mention": SILENCE,
    "message-text-english": Outcome("Nice to have!"),
    "message-video": DECLINED,
    "message-without-user": SILENCE,
    "module-attached": SILENCE,
    "module-detached": SILENCE,
    "postback-datetime": Outcome("Nice to have!"),
    "postback-richmenu-switch": SILENCE,
    "postback-settings": Outcome("せってい"),
    "postback-vote": Outcome("受付番号", votes=1),
    "postback-vote-group": ASKS_FOR_ONE_TO_ONE,
    "postback-vote-standby": Outcome(votes=1),
    "postback-without-token": Outcome(votes=1),
    "unfollow": SILENCE,
    "unsend": SILENCE,
    "verification": SILENCE,
    "video-play-complete": SILENCE,
}


def as_of_now(path: Path) -> list[dict]:
    """The recorded events, happening now: a reply token is good for a minute."""
    events = json.loads(path.read_bytes())["events"]
    return [{**event, "timestamp": to_ms(now())} for event in events]


def test_every_recorded_payload_has_an_outcome():
    assert OUTCOMES.keys() == PAYLOADS.keys()


@pytest.mark.parametrize("name", sorted(OUTCOMES))
async def test_what_becomes_of_a_recorded_event(sqlite_place: Place, name: str) -> None:
    outcome = OUTCOMES[name]
    replies = await sqlite_place.handle(*as_of_now(PAYLOADS[name]))
    assert len(replies) == (outcome.says is not None)
    for reply in replies:
        check_messages(reply)
        assert outcome.says in words(reply)
    assert len(await sqlite_place.log()) == outcome.votes
    assert len(await sqlite_place.rows("select id from resident")) == outcome.residents
    assert set(await sqlite_place.inbox()) <= {("done", None)}
    assert await sqlite_place.rows("select body from line_inbox where body is not null") == []
