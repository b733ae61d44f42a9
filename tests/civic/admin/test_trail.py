"""The trail reads like sentences: no verb and no actor of ours stays a code."""

import ast
import re
from datetime import timedelta
from pathlib import Path

import pytest
from support.source import modules, text_of
from support.tiny_programme import BALLOT

from civic.admin.trail import actor_in_words, deed_in_words
from civic.audit.actions import record
from civic.installations.tables import STATUSES

VERB = re.compile(r"(ballot|installation|programme|proposal|quarantine|staff|tally)\.(?!html$|yaml$)[a-z_]+")


def verbs() -> set[str]:
    """Every verb that the code records: dotted words handed on by name or in a call."""
    found = {f"installation.{status}" for status in STATUSES}
    for path in modules():
        if path.name != "trail.py":
            found |= {verb for verb in strings_of(path) if VERB.fullmatch(verb)}
    return found


def strings_of(path: Path) -> set[str]:
    """The strings that are arguments of calls, or values of attributes."""
    nodes = list(ast.walk(ast.parse(text_of(path) or "")))
    values = [argument for node in nodes if isinstance(node, ast.Call) for argument in node.args]
    values += [node.value for node in nodes if isinstance(node, ast.Assign)]
    return {node.value for node in values if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_the_search_finds_the_verbs():
    assert {"ballot.opened", "staff.signed_in", "installation.removed", "ballot.result_announced"} <= verbs()


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_verb_has_words(lang):
    codes = {verb for verb in verbs() if deed_in_words(verb, lang) == verb or "." in deed_in_words(verb, lang)}
    assert codes == set()


def test_a_verb_of_a_later_release_is_shown_as_it_is():
    assert deed_in_words("moon.landed", "ja") == "moon.landed"
    assert deed_in_words("installation.exploded", "ja") == "installation.exploded"


@pytest.mark.parametrize("actor", ["cli", "demo", "demo:staff", "scheduler"])
@pytest.mark.parametrize("lang", ["ja", "en"])
def test_our_actors_have_words(actor, lang):
    assert actor_in_words(actor, {}, lang) not in {"", actor}


def test_people_are_named_and_strangers_stay_as_they_are():
    assert actor_in_words("staff:3", {"staff:3": "佐藤"}, "ja") == "佐藤"
    assert actor_in_words("staff:4", {"staff:3": "佐藤"}, "ja") == "staff:4"


async def test_a_reason_is_read_at_once_and_the_rest_can_be_looked_up(open_site):
    form = {"closes_at": "2026-10-16T18:30", "reason": "雨だったため"}
    await open_site.post(f"/admin/ballots/{BALLOT}/extend", form)
    page = (await open_site.get("/admin/audit", "en")).text
    first = page[page.index("<tbody>") :].split("</tr>")[0]
    assert "Extended the ballot" in first
    assert "Demo staff" in first
    assert BALLOT in first
    assert "雨だったため" in first[: first.index("<details>")]
    assert "2026-10-16T09:30:00Z" in first[first.index("<details>") :]


async def test_the_trail_shows_the_latest_first_and_at_most_200(site):
    async with site.context.database.writing() as session:
        for number in range(205):
            site.clock.pass_by(timedelta(milliseconds=1))
            record(session, "test", "counted.up", f"number-{number}", site.clock())
    page = (await site.get("/admin/audit")).text
    assert re.findall(r"number-(\d+)", page) == [str(number) for number in range(204, 4, -1)]
