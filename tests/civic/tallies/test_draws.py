"""A tie is drawn by a public value that is named before it is known, and anybody can draw it again."""

import hashlib
import unicodedata
from operator import itemgetter

import orjson
import pytest
from sqlmodel import col, select
from support.casting import open_now
from support.installation import load_programme
from support.small_programme import BALLOT, small_document, write_small_programme

from civic.audit.tables import AuditEntry
from civic.ballots.queries import ballot_by_slug
from civic.kernel.errors import Conflict, InvalidInput
from civic.tallies.actions import decide, name_beacon
from civic.tallies.queries import draw_of, effective_result, published_tally, recount
from tests.civic.tallies.story import draw_lot, seal, vote_and_seal

LEVEL = {"U1": "add swing, add bench", "U2": "add mist"}  # bench wins the plaza; the deck is open, 1 to 1
BENCH = {"proposal": "bench", "site": "plaza", "cost_yen": 1_000_000}
NAMED = "11月30日の終値"
VALUE = "38,208.03 か\u3099"  # ends in a decomposed letter: が


async def name(context, text=NAMED):
    async with context.database.writing() as session:
        return await name_beacon(session, "cli:planner", BALLOT, text, context.clock())


async def draw(context, value=VALUE, source="取引所の発表"):
    return await draw_lot(context, BALLOT, value, source)


async def result(context):
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        return await effective_result(session, ballot.id)


async def drawn_by_hand(context, value=VALUE):
    """docs/methods.md, "The lot", with hashlib alone: the lot of each proposal."""
    async with context.database.reading() as session:
        manifest = (await ballot_by_slug(session, BALLOT)).manifest
        root = (await published_tally(session, BALLOT)).inputs_sha256
    head = hashlib.sha256(manifest).digest() + bytes.fromhex(root) + unicodedata.normalize("NFC", value).encode()
    return {slug: hashlib.sha256(head + slug.encode()).hexdigest() for slug in ("bench", "stage", "swing", "mist")}


async def refused(deed) -> str:
    with pytest.raises((Conflict, InvalidInput)) as refusal:
        await deed
    return refusal.value.code


async def test_a_tie_is_named_then_drawn_once_and_anybody_can_draw_it_again(context):
    await vote_and_seal(context, LEVEL)
    before = await result(context)
    assert (before["status"], before["selected"], "draw" in before) == ("tie_pending", [BENCH], False)
    assert await refused(draw(context)) == "beacon_not_named"
    assert await refused(name(context, " \n")) == "draw_incomplete"
    await name(context, f" {NAMED} ")
    assert await refused(name(context, "another")) == "beacon_named"
    assert await result(context) == before
    assert await refused(draw(context, value="")) == await refused(draw(context, source=" ")) == "draw_incomplete"
    assert await refused(draw(context, value="1" * 201)) == "draw_too_long"
    async with context.database.reading() as session:
        assert (await draw_of(session, 1)).value is None
    await draw(context)
    assert await refused(draw(context, value="another")) == "already_drawn"
    after, lots = await result(context), await drawn_by_hand(context)
    first = min(("swing", "mist"), key=lots.__getitem__)
    won = {"proposal": first, "site": "deck", "cost_yen": 500_000}
    assert after["status"] == "final"
    assert sorted(after["selected"], key=itemgetter("site")) == [won, BENCH]
    assert set(after["compared"]["site_winner"]) == {"bench", first}
    assert after["draw"] == {
        "beacon": NAMED,
        "value": unicodedata.normalize("NFC", VALUE),
        "source": "取引所の発表",
        "drawn_at": context.clock().isoformat().replace("+00:00", "Z"),
        "lots": lots,
    }
    same = ("voters", "blank", "approvals", "ties", "method", "method_version")
    assert {part: after[part] for part in same} == {part: before[part] for part in same}
    async with context.database.reading() as session:
        assert (await recount(session, BALLOT)).agrees
        entries = (await session.exec(select(AuditEntry).where(col(AuditEntry.verb).startswith("tie.")))).all()
    assert [(entry.verb, entry.data.get("beacon"), entry.data.get("source")) for entry in entries] == [
        ("tie.beacon_named", NAMED, None),
        ("tie.drawn", None, "取引所の発表"),
    ]
    async with context.database.writing() as session:
        decision = await decide(session, "cli:planner", BALLOT, ["bench", first], "くじのとおり", context.clock())
    assert not decision.differs


async def test_without_an_open_tie_there_is_nothing_to_name_or_draw(context):
    await open_now(context)
    assert await refused(name(context)) == await refused(draw(context)) == "tally_missing"
    await seal(context)
    assert await refused(name(context)) == await refused(draw(context)) == "tie_not_open"


async def test_after_a_decision_nothing_is_drawn_any_more(context):
    await vote_and_seal(context, LEVEL)
    async with context.database.writing() as session:
        await decide(session, "cli:planner", BALLOT, ["mist"], "話し合いで決めました", context.clock())
    assert await refused(name(context)) == "tie_not_open"


async def test_a_beacon_of_the_programme_file_is_frozen_and_draws(context, tmp_path):
    document = small_document()
    document["ballots"][0]["beacon"] = {"ja": NAMED, "en": "The close of 30 November"}
    await load_programme(context, write_small_programme(tmp_path / "beacon", document))
    await vote_and_seal(context, LEVEL)
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        named = await draw_of(session, ballot.id)
    manifest = orjson.loads(ballot.manifest)
    assert manifest["beacon"] == {"ja": NAMED, "en": "The close of 30 November"}
    assert (manifest["v"], manifest["tie"]) == (1, ["approvals", "lower_cost", "lot"])
    assert (named.beacon, named.named_at, named.value) == (
        f"{NAMED} / The close of 30 November",
        ballot.opens_at,
        None,
    )
    assert await refused(name(context)) == "beacon_named"
    await draw(context)
    assert (await result(context))["draw"]["lots"] == await drawn_by_hand(context)
