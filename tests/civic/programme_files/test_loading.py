"""A load brings the database to what the file says: again the same, all or nothing, and never an opened ballot."""

import json
import unicodedata
from datetime import timedelta

import pytest
from sqlmodel import select
from support.casting import cast, current_law, open_now, tap
from support.installation import load_programme, run_jobs
from support.small_programme import BALLOT, CLOSES, OPENS, box_glb, small_document, write_small_programme

from civic.ballots.actions import cancel_ballot, close_ballot
from civic.ballots.queries import ballot_by_slug, ballots_of, options_of
from civic.kernel.errors import Conflict
from civic.programme_files.checking import check_document
from civic.programme_files.exporting import export_programme, write_folder
from civic.programme_files.loading import Loaded, Loader
from civic.programme_files.placing import Placing
from civic.programme_files.reading import ProgrammeFileError, read_document
from civic.programmes.queries import programme_by_slug, sites_of, stages_of
from civic.proposals.queries import latest_version, placements_of, proposal_by_slug, proposals_of
from civic.proposals.tables import ProposalVersion
from civic.workshops.queries import groups_of, workshops_of
from geodata.ingest import read_glb
from tests.civic.programme_files.contents import everything

FIRST = Loaded(programme="small", sites=2, proposals=4, new_versions=4, ballots=2)
AGAIN = Loaded(programme="small", sites=2, proposals=4, new_versions=0, ballots=2)


def at(document, *path):
    for step in path:
        document = document[step]
    return document


async def load(context, tmp_path, document=None, files=None, **how):
    return await load_programme(context, write_small_programme(tmp_path / "small", document, files), **how)


async def versions(context):
    async with context.database.reading() as session:
        return len((await session.exec(select(ProposalVersion))).all())


async def test_what_was_loaded_is_there(context, tmp_path):
    assert await load(context, tmp_path) == FIRST
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        sites = [(s.slug, s.level, s.ground_m, s.rules) for s in await sites_of(session, programme.id)]
        stages = [(s.kind, s.opens_at, s.closes_at) for s in await stages_of(session, programme.id)]
        workshop = (await workshops_of(session, programme.id))[0]
        groups = [group.slug for group in await groups_of(session, workshop.id)]
        bench = await proposal_by_slug(session, programme.id, "bench")
        version = await latest_version(session, bench.id)
        places = [(p.lon, p.cost_yen, p.verdict, s.slug) for p, s in await placements_of(session, version.id)]
        ballot = await ballot_by_slug(session, BALLOT)
        options = [proposal.slug for _, proposal in await options_of(session, ballot.id)]
    assert sites == [
        ("plaza", "ground", 33.0, {"max_height_m": 4.0}),
        ("deck", "deck", 33.0, {"max_height_m": 4.0}),
    ]
    assert stages == [("ballot", OPENS, CLOSES)]
    assert (workshop.day.isoformat(), groups) == ("2026-07-05", ["table-a", "table-b"])
    assert (version.number, version.model) == (1, read_glb(box_glb(1.0)).sha256)
    assert places == [(139.6895, 1_000_000, "pass", "plaza")]
    assert (ballot.state, ballot.opens_at, ballot.closes_at) == ("scheduled", OPENS, CLOSES)
    assert options == ["bench", "stage", "swing", "mist"]


async def test_the_same_file_again_changes_nothing(context, tmp_path):
    await load(context, tmp_path)
    before = await everything(context, but=("audit_entry", "stage"))
    assert await load(context, tmp_path) == AGAIN
    assert await everything(context, but=("audit_entry", "stage")) == before


async def test_the_same_file_again_while_a_ballot_is_open_changes_nothing(context, tmp_path):
    await load(context, tmp_path)
    await open_now(context)
    law = await current_law(context)
    assert await load(context, tmp_path) == AGAIN
    assert await current_law(context) == law


async def test_the_same_file_again_after_a_ballot_was_opened_and_closed_by_hand(context, tmp_path):
    """Its real times are others than the planned ones; the plan is what is compared."""
    await load(context, tmp_path)
    context.clock.present = OPENS - timedelta(days=1)
    await open_now(context, at_once=True)
    assert await load(context, tmp_path) == AGAIN
    async with context.database.writing() as session:
        await close_ballot(session, "me", BALLOT, context.clock.pass_by(hours=1), at_once=True)
    assert await load(context, tmp_path) == AGAIN


async def test_a_changed_model_is_a_new_version_and_the_open_ballot_keeps_its_own(context, tmp_path):
    await load(context, tmp_path)
    await open_now(context)
    law = await current_law(context)
    loaded = await load(context, tmp_path, files={"stage.glb": box_glb(2.2)})
    assert loaded.new_versions == 1
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        stage = await proposal_by_slug(session, programme.id, "stage")
        newest = await latest_version(session, stage.id)
    assert (newest.number, newest.model) == (2, read_glb(box_glb(2.2)).sha256)
    assert await current_law(context) == law
    pinned = next(option for option in law.document["options"] if option["proposal"] == "stage")
    assert (pinned["version"], pinned["model_sha256"]) == (1, read_glb(box_glb(1.1)).sha256)


CHANGES_OF_A_PROPOSAL = [
    (("title", "ja"), "別の題"),
    (("summary", "ja"), "別の説明"),
    (("for_whom",), ["pets"]),
    (("licence",), "CC-BY-4.0"),
    (("placements", 0, "cost_yen"), 1),
    (("placements", 0, "lon"), 139.68951),
    (("placements", 0, "heading_deg"), 31.0),
]


async def test_every_change_of_a_proposal_is_one_new_version(tmp_path, sqlite_context):
    document = small_document()
    await load(sqlite_context, tmp_path, document)
    for number, (path, value) in enumerate(CHANGES_OF_A_PROPOSAL, 1):
        at(document["proposals"][0], *path[:-1])[path[-1]] = value
        assert (await load(sqlite_context, tmp_path, document)).new_versions == 1, path
        assert (await load(sqlite_context, tmp_path, document)).new_versions == 0, path
        assert await versions(sqlite_context) == 4 + number


CHANGES_OF_A_BALLOT = [
    (("title", "ja"), "別の題"),
    (("max_approvals",), 2),
    (("options",), ["bench", "stage", "swing"]),
    (("options",), ["stage", "bench", "swing", "mist"]),
    (("closes_at",), "2026-10-14T23:59+09:00"),
    (("opens_at",), "2026-10-01T09:01+09:00"),
    (("method",), "greedy"),
    (("budget_yen",), 1_000_000),
    (("late_grace_s",), 60),
    (("languages",), ["ja"]),
]


async def test_an_opened_ballot_cannot_be_changed(context, tmp_path):
    await load(context, tmp_path)
    await open_now(context)
    before = await everything(context)
    for path, value in CHANGES_OF_A_BALLOT:
        document = small_document()
        at(document["ballots"][0], *path[:-1])[path[-1]] = value
        document["proposals"][0]["title"]["ja"] = "これも変わらない"
        with pytest.raises(Conflict) as refused:
            await load(context, tmp_path, document)
        assert refused.value.code == "ballot_frozen", path
        assert BALLOT in refused.value.sentence("ja")
        assert await everything(context) == before


@pytest.mark.parametrize("state", ["open", "cancelled"])
async def test_an_opened_ballot_cannot_be_left_out(context, tmp_path, state):
    await load(context, tmp_path)
    await open_now(context)
    if state == "cancelled":
        async with context.database.writing() as session:
            await cancel_ballot(session, "me", BALLOT, OPENS, "会場が使えません")
    before = await everything(context)
    document = small_document()
    del document["ballots"][0]
    with pytest.raises(Conflict) as refused:
        await load(context, tmp_path, document)
    assert refused.value.code == "ballot_frozen"
    assert await everything(context) == before


async def test_an_unopened_ballot_may_change_and_go(context, tmp_path):
    await load(context, tmp_path)
    document = small_document()
    document["ballots"][0] |= {"max_approvals": 1, "options": ["mist", "bench"]}
    del document["ballots"][1]
    assert (await load(context, tmp_path, document)).ballots == 1
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        (ballot,) = await ballots_of(session, programme.id)
        options = [proposal.slug for _, proposal in await options_of(session, ballot.id)]
    assert (ballot.max_approvals, options) == (1, ["mist", "bench"])


async def test_what_the_file_no_longer_names_goes(context, tmp_path):
    await load(context, tmp_path)
    document = small_document()
    document["proposals"] = document["proposals"][:2]
    document["ballots"][0]["options"] = ["bench", "stage"]
    document["workshops"][0]["groups"] = document["workshops"][0]["groups"][:1]
    document["sites"] = document["sites"][:1]
    loaded = await load(context, tmp_path, document)
    assert (loaded.sites, loaded.proposals, loaded.new_versions) == (1, 2, 0)
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        assert [p.slug for p in await proposals_of(session, programme.id)] == ["bench", "stage"]
        workshop = (await workshops_of(session, programme.id))[0]
        assert [g.slug for g in await groups_of(session, workshop.id)] == ["table-a"]
        assert [s.slug for s in await sites_of(session, programme.id)] == ["plaza"]


async def test_the_name_of_a_ballot_belongs_to_one_programme(context, tmp_path):
    await load(context, tmp_path)
    before = await everything(context)
    document = small_document()
    document["programme"]["slug"] = "other"
    with pytest.raises(Conflict) as refused:
        await load_programme(context, write_small_programme(tmp_path / "other", document))
    assert refused.value.code == "ballot_slug_taken"
    assert await everything(context) == before


async def test_two_programmes_may_use_one_site(context, tmp_path):
    await load(context, tmp_path)
    document = small_document()
    document["programme"]["slug"] = "other"
    for ballot in document["ballots"]:
        ballot["slug"] += "-other"
    await load_programme(context, write_small_programme(tmp_path / "other", document))
    async with context.database.reading() as session:
        numbers = [
            [site.id for site in await sites_of(session, (await programme_by_slug(session, slug)).id)]
            for slug in ("small", "other")
        ]
    assert numbers[0] == numbers[1]


async def test_a_site_under_an_open_ballot_cannot_be_changed(context, tmp_path):
    """People vote on the place as it is shown; after the seal it is free again."""
    await load(context, tmp_path)
    await open_now(context)
    before = await everything(context)
    document = small_document()
    document["sites"][0]["ground_m"] = 1.0
    with pytest.raises(Conflict) as refused:
        await load(context, tmp_path, document)
    assert refused.value.code == "site_in_use"
    assert "plaza" in refused.value.sentence("en")
    assert await everything(context) == before
    for present in (CLOSES, CLOSES + timedelta(days=1)):
        context.clock.present = present
        await run_jobs(context)
    assert (await load(context, tmp_path, document)).sites == 2


async def test_a_site_of_another_programme_cannot_be_changed(context, tmp_path):
    await load(context, tmp_path)
    before = await everything(context)
    document = small_document()
    document["programme"]["slug"] = "other"
    document["ballots"] = []
    document["sites"][1]["rules"] = {"max_height_m": 99.0}
    with pytest.raises(Conflict) as refused:
        await load_programme(context, write_small_programme(tmp_path / "other", document))
    assert refused.value.code == "site_in_use"
    assert "deck" in refused.value.sentence("ja")
    assert await everything(context) == before


async def test_texts_are_stored_in_nfc_however_they_were_typed(context, tmp_path):
    """Both spellings of ガ look alike; as one text they are one version."""
    document = small_document()
    document["proposals"][0]["title"]["ja"] = unicodedata.normalize("NFD", "ガーデン")
    await load(context, tmp_path, document)
    document["proposals"][0]["title"]["ja"] = unicodedata.normalize("NFC", "ガーデン")
    assert (await load(context, tmp_path, document)).new_versions == 0


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("stored", ["NFC", "NFD"])
async def test_file_names_may_be_spelled_both_ways(sqlite_context, tmp_path, written, stored):
    """Some systems store ベンチ.glb decomposed; the name in the file may be typed the other way."""
    document = small_document()
    document["proposals"][0]["model"] = unicodedata.normalize(written, "ベンチ.glb")
    files = {unicodedata.normalize(stored, "ベンチ.glb"): box_glb(1.0)}
    assert (await load(sqlite_context, tmp_path, document, files)).new_versions == 4
    assert (await load(sqlite_context, tmp_path, document, files)).new_versions == 0


async def test_all_times_may_be_shifted_by_one_constant(context, tmp_path):
    await load(context, tmp_path, shift=timedelta(days=-30))
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        (stage,) = await stages_of(session, programme.id)
        ballot = await ballot_by_slug(session, BALLOT)
    moved = OPENS - timedelta(days=30), CLOSES - timedelta(days=30)
    assert (stage.opens_at, stage.closes_at) == (ballot.opens_at, ballot.closes_at) == moved


async def test_votes_survive_a_reload(context, tmp_path):
    await load(context, tmp_path)
    ballot = await open_now(context)
    await cast(context, ballot, tap("U1", "add", "bench", at=OPENS))
    before = (await everything(context))["vote_log"]
    await load(context, tmp_path, files={"bench.glb": box_glb(1.9)})
    assert (await everything(context))["vote_log"] == before


async def test_a_load_that_breaks_half_way_is_no_load(context, tmp_path):
    """The database itself refuses at the end: nothing of what was written before stays."""
    before = await everything(context)
    with pytest.raises(RuntimeError):
        await load_with_a_fault(context, write_small_programme(tmp_path / "small"))
    assert await everything(context) == before


async def load_with_a_fault(context, folder):

    checked = check_document(read_document(folder))
    async with context.database.reading() as session:
        reports = await Placing(session, checked, context.store, OPENS).reports()
    async with context.database.writing() as session:
        await Loader(session, "t", checked, reports, context.store, OPENS).load()
        raise RuntimeError


async def test_a_placement_that_fails_its_checks_still_loads(context, tmp_path):
    """Placement results are a planning aid, never an approval: they are told, not refused."""
    document = small_document()
    document["proposals"][0]["placements"][0] |= {"lon": 139.6935, "scale": 10.0}
    await load(context, tmp_path, document)
    [(placement, _)] = await places_of(context, "bench")
    failed = {check["name"] for check in placement.checks["checks"] if check["verdict"] == "fail"}
    assert placement.verdict == "fail"
    assert {"inside_site", "height"} <= failed


async def places_of(context, slug):
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        proposal = await proposal_by_slug(session, programme.id, slug)
        return await placements_of(session, (await latest_version(session, proposal.id)).id)


def layer(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)}).encode()


def line(*points, **properties):
    shape = {"type": "LineString", "coordinates": [list(point) for point in points]}
    return {"type": "Feature", "properties": properties, "geometry": shape}


def with_gates(document):
    """The plaza with a gate at its west and its east edge."""
    document["sites"][0]["layers"] = {"gates": "gates.geojson"}
    document["sites"][0]["rules"]["min_clear_width_m"] = 2.0
    gates = [line((lon, 35.6893), (lon, 35.6897)) for lon in (139.6890001, 139.6899999)]
    return document, {"gates.geojson": layer(*gates)}


async def test_layers_are_kept_and_the_clear_width_is_checked(context, tmp_path):
    document, files = with_gates(small_document())
    await load(context, tmp_path, document, files)
    [(placement, site)] = await places_of(context, "bench")
    assert [geometry["type"] for geometry in site.layers["gates"]] == ["LineString", "LineString"]
    widths = {check["name"]: check for check in placement.checks["checks"]}
    assert widths["clear_width"]["verdict"] == "pass"
    assert widths["clear_width"]["limit"] == 2.0
    assert await load(context, tmp_path, document, files) == AGAIN


async def test_a_wrong_layer_is_told_with_file_and_feature(context, tmp_path):
    document, _ = with_gates(small_document())
    bad = layer(line((139.6891, 35.6893), (35.6893, 139.6891)))
    with pytest.raises(ProgrammeFileError) as refused:
        await load(context, tmp_path, document, {"gates.geojson": bad})
    [problem] = refused.value.problems
    assert problem.key == "sites[0].layers.gates"
    assert "gates.geojson: Feature 1: Longitude and latitude look swapped" in problem.sentence("en")


async def test_placements_of_a_file_are_rivals_of_each_other(context, tmp_path):
    document = small_document()
    document["proposals"][1]["placements"][0]["lon"] = 139.6895  # where the bench stands
    await load(context, tmp_path, document)
    found = {}
    for slug in ("bench", "stage", "swing"):
        [(placement, _)] = await places_of(context, slug)
        checks = placement.checks["checks"]
        found[slug] = [(c["verdict"], round(c["value"], 2)) for c in checks if c["name"] == "overlap"]
    assert found == {"bench": [("warn", 2.0)], "stage": [("warn", 2.0)], "swing": []}  # 2 m x 1 m, all of it


async def test_a_neighbour_that_moved_away_changes_the_checks_and_makes_no_version(context, tmp_path):
    document = small_document()
    document["proposals"][1]["placements"][0]["lon"] = 139.6895
    await load(context, tmp_path, document)
    [(before, _)] = await places_of(context, "bench")
    document["proposals"][1]["placements"][0]["lon"] = 139.6897
    loaded = await load(context, tmp_path, document)
    [(after, _)] = await places_of(context, "bench")
    assert (before.verdict, after.verdict, loaded.new_versions) == ("warn", "pass", 1)
    assert after.id == before.id


async def test_mass_days_and_the_units_of_a_file_come_back(context, tmp_path):
    document = small_document()
    document["proposals"][0]["placements"][0] |= {"mass_kg": 850.5, "days": 30}
    document["proposals"][0] |= {"model": "bench.stl", "model_unit": "cm", "model_up": "z"}
    await load(context, tmp_path, document, {"bench.stl": stl_box(200, 100, 50)})
    [(placement, _)] = await places_of(context, "bench")
    assert (placement.mass_kg, placement.days) == (850.5, 30)
    async with context.database.reading() as session:
        files = await export_programme(session, "small", context.store)
    assert files["bench.stl"] == stl_box(200, 100, 50)
    (tmp_path / "again").mkdir()
    write_folder(tmp_path / "again", files)
    assert await load_programme(context, tmp_path / "again") == AGAIN
    async with context.database.reading() as session:
        programme = await programme_by_slug(session, "small")
        bench = await proposal_by_slug(session, programme.id, "bench")
        facts = (await latest_version(session, bench.id)).facts
    assert facts["bounds_m"] == pytest.approx([2.0, 0.5, 1.0], abs=0.001)


def stl_box(width, depth, height):
    """A box with z up, as text: every face twice, as two triangles."""
    x, y, z = width, depth, height
    corners = [(a, b, c) for a in (0, x) for b in (0, y) for c in (0, z)]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    triangles = [t for a, b, c, d in faces for t in ((a, b, c), (a, c, d))]
    facets = [
        "\n".join(
            ["facet normal 0 0 0", "outer loop"]
            + ["vertex {} {} {}".format(*corners[i]) for i in triangle]
            + ["endloop", "endfacet"]
        )
        for triangle in triangles
    ]
    return "\n".join(["solid box", *facets, "endsolid box", ""]).encode()
