"""What the chat and the logs say while a ballot is open does not depend on what other people chose."""

import json
import re
from pathlib import Path

from structlog.testing import capture_logs
from support.line import command, follow, person, prepared, programme, settings_for, standing, tap, text

OTHERS = 12
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}")


async def said_to_one(folder: Path, choice_of_the_others: str) -> tuple[str, str]:
    """All that one person hears while the others vote, and all that is logged; receipt codes left out."""
    settings = settings_for(folder, f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}")
    me, heard = person(1), []
    with capture_logs() as logs:
        async with prepared(settings, programme()) as (context, clock), standing(context, clock) as place:
            for number in range(2, 2 + OTHERS):
                await place.handle(follow(person(number)), tap(person(number), choice_of_the_others))
            mine = [
                follow(me),
                text(me, "投票"),
                tap(me, "idea-01"),
                tap(me, "idea-02"),
                text(me, "わたしの票"),
                text(me, "vote"),
                command(me, "my_votes", lang="en"),
                text(me, "けっか"),
                text(me, "results?"),
            ]
            for event in mine:
                heard += await place.handle(event)
    spoken = re.sub(r"rotation|\s+", " ", CODE.sub("code", json.dumps(heard, ensure_ascii=False)))
    return spoken, json.dumps(logs, default=str)


def cards_in_any_order(spoken: str) -> list[str]:
    """The ballot's key differs between two installations, so the cards begin elsewhere: compare their pieces."""
    return sorted(re.split(r"[,{}\[\]]+", spoken))


async def test_a_persons_chat_and_the_logs_are_the_same_whatever_the_others_chose(tmp_path: Path) -> None:
    first, first_logs = await said_to_one(tmp_path / "one", "idea-01")
    second, second_logs = await said_to_one(tmp_path / "other", "idea-02")
    assert len(first) > 5_000
    assert cards_in_any_order(first) == cards_in_any_order(second)
    assert first_logs == second_logs
