"""Opening freezes: the manifest with its hash, the versions, the key. Nothing of it changes afterwards."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col, select
from support.casting import current_law, open_now
from support.installation import load_programme, run_jobs
from support.small_programme import (
    BALLOT,
    CLOSES,
    OPENS,
    OPTIONS,
    OTHER_BALLOT,
    box_glb,
    small_document,
    write_small_programme,
)

from civic.ballots.actions import open_ballot
from civic.ballots.queries import ballot_by_slug, pinned_versions
from civic.ballots.tables import BallotOption
from civic.kernel.errors import Conflict
from civic.proposals.tables import ProposalVersion
from civic.votes.queries import terms_of
from geodata.ingest import read_glb


async def opened(context, slug=BALLOT):
    async with context.database.reading() as session:
        return await ballot_by_slug(session, slug)


def canonical(value) -> bytes:
    """RFC 8785 for what a manifest holds: Python's own writer, keys sorted, nothing between."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


async def test_the_manifest_by_hand(context):
    await open_now(context)
    document = json.loads((await opened(context)).manifest)
    models = {slug: read_glb(box_glb(1.0 + i / 10)).sha256 for i, slug in enumerate(OPTIONS)}
    options = document.pop("options")
    assert document == {
        "v": 1,
        "tie": ["approvals", "lower_cost", "tie_pending"],
        "ballot": "nice",
        "programme": "small",
        "title": {"ja": "どれがあったらいい?"},
        "method": "site_winner",
        "method_options": {},
        "budget_yen": None,
        "max_approvals": 3,
        "audience": "friends",
        "opens_at": "2026-10-01T00:00:00Z",
        "closes_at": "2026-10-14T15:00:00Z",
        "late_grace_s": 600,
        "languages": ["ja", "en"],
    }
    assert [(o["proposal"], o["version"], o["model_sha256"]) for o in options] == [
        (slug, 1, models[slug]) for slug in OPTIONS
    ]
    assert options[0]["title"] == {"ja": "bench の案", "en": "The bench"}
    assert options[0]["placements"] == [
        {
            "site": "plaza",
            "lon": "139.6895000",
            "lat": "35.6895000",
            "heading_deg": "30.00",
            "base_m": "0.000",
            "scale": "1.0000",
            "cost_yen": 1_000_000,
        }
    ]


async def test_the_manifest_is_canonical_and_its_hash_is_that_of_its_bytes(context):
    await open_now(context)
    ballot = await opened(context)
    assert ballot.manifest == canonical(json.loads(ballot.manifest))
    assert ballot.manifest_sha256 == hashlib.sha256(ballot.manifest).hexdigest()
    assert (await current_law(context)).sha256 == ballot.manifest_sha256


async def test_opening_pins_the_newest_versions(context, tmp_path):
    changed = write_small_programme(tmp_path / "new", files={"bench.glb": box_glb(1.7)})
    assert (await load_programme(context, changed)).new_versions == 1
    await open_now(context)
    async with context.database.reading() as session:
        ballot = await ballot_by_slug(session, BALLOT)
        pinned = {p.slug: (v.number, v.model) for p, v in await pinned_versions(session, ballot.id)}
    assert pinned["bench"] == (2, read_glb(box_glb(1.7)).sha256)
    assert [number for number, _ in pinned.values()] == [2, 1, 1, 1]


async def test_an_unopened_ballot_has_no_pinned_version(context):
    async with context.database.reading() as session:
        assert set(await session.exec(select(BallotOption.version_id))) == {None}


async def test_opening_at_its_time_keeps_opens_at(context):
    context.clock.present = OPENS + timedelta(minutes=3)
    await run_jobs(context)
    ballot = await opened(context)
    assert (ballot.state, ballot.opens_at) == ("open", OPENS)
    assert terms_of(await current_law(context)).opens_ms == 1_790_812_800_000  # 2026-10-01T00:00:00Z by date(1)


async def test_opening_at_once_moves_opens_at_to_now_before_freezing(context):
    context.clock.present = OPENS - timedelta(days=3, milliseconds=-7)
    await open_now(context, at_once=True)
    ballot = await opened(context)
    assert ballot.opens_at == context.clock()
    assert json.loads(ballot.manifest)["opens_at"] == "2026-09-28T00:00:00.007Z"
    assert (await current_law(context)).closes_at == CLOSES


async def test_the_scheduler_does_not_open_before_the_time(context):
    context.clock.present = OPENS - timedelta(milliseconds=1)
    await run_jobs(context)
    assert (await opened(context)).state == "scheduled"


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_ballot_whose_window_is_over_does_not_open(context, at_once):
    context.clock.present = CLOSES
    with pytest.raises(Conflict) as refused:
        await open_now(context, at_once=at_once)
    assert refused.value.code == "ballot_window_over"
    assert "closes_at" in refused.value.sentence("ja")
    await run_jobs(context)
    ballot = await opened(context)
    assert (ballot.state, ballot.manifest) == ("scheduled", None)


async def test_a_ballot_opens_once(context):
    await open_now(context)
    first = (await opened(context)).manifest
    with pytest.raises(Conflict):
        await open_now(context, at_once=True)
    assert (await opened(context)).manifest == first


async def test_a_version_without_consent_stops_the_opening(context):
    async with context.database.writing() as session:
        version = (await session.exec(select(ProposalVersion).limit(1))).one()
        content = version.content | {"consent": {"publish": False}}
        changed = update(ProposalVersion).where(col(ProposalVersion.id) == version.id)
        await session.exec(changed.values(content=content))
    with pytest.raises(Conflict) as refused:
        await open_now(context)
    assert refused.value.code == "consent_missing"
    assert (await opened(context)).state == "scheduled"


async def test_the_manifest_outlives_every_later_load(context, tmp_path):
    """A new model, title and cost after the opening make new versions; what is voted on stays."""
    await open_now(context)
    before = await opened(context)
    document = small_document()
    document["proposals"][0]["title"]["ja"] = "新しい題"
    document["proposals"][0]["placements"][0]["cost_yen"] = 1
    folder = write_small_programme(tmp_path / "new", document, {"stage.glb": box_glb(2.5)})
    assert (await load_programme(context, folder)).new_versions == 2
    after = await opened(context)
    assert (after.manifest, after.manifest_sha256) == (before.manifest, before.manifest_sha256)
    async with context.database.reading() as session:
        pinned = [version.number for _, version in await pinned_versions(session, after.id)]
    assert pinned == [1, 1, 1, 1]


async def test_opening_one_ballot_leaves_the_other_alone(context):
    await open_now(context)
    other = await opened(context, OTHER_BALLOT)
    assert (other.state, other.manifest, context.keys.find(OTHER_BALLOT)) == ("scheduled", None, None)


async def test_an_opening_that_fails_half_way_is_no_opening(context):
    async def open_and_break():
        async with context.database.writing() as session:
            await open_ballot(session, "me", BALLOT, context.clock(), context.keys, at_once=False)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await open_and_break()
    ballot = await opened(context)
    assert (ballot.state, ballot.manifest) == ("scheduled", None)
