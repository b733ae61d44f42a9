import json
import re
from datetime import datetime

from shapely.geometry import shape
from support.tiny_programme import square

from civic.kernel.canonical import canonical_json, sha256_hex

API = "/api/v1"


async def ask(site, path, status=200):
    answer = await site.get(API + path)
    assert answer.status == status, answer.text
    return json.loads(answer.text)


async def test_programmes(both_site):
    listed = await ask(both_site, "/programmes")
    assert listed == [{"slug": "tiny", "title": {"ja": "小さな事業", "en": "A tiny programme"}}]
    programme = await ask(both_site, "/programmes/tiny")
    assert [stage["kind"] for stage in programme["stages"]] == ["intake", "ballot", "decision"]
    assert programme["stages"][1]["opens_at"] == "2026-10-13T00:00:00Z"
    assert [site["slug"] for site in programme["sites"]] == ["plaza", "park"]
    assert [proposal["slug"] for proposal in programme["proposals"]] == ["bench", "tree", "stage"]
    [ballot] = programme["ballots"]
    assert (ballot["slug"], ballot["state"]) == ("tiny-ballot", "scheduled")


async def test_a_proposal_has_facts_and_checks(site):
    proposal = await ask(site, "/programmes/tiny/proposals/stage")
    model = proposal["model"]
    # The box of the tiny programme: 6.0 wide, 0.6 high, 4.0 deep.
    assert (model["bounds_m"], model["height_m"], model["footprint_area_m2"]) == ([6.0, 0.6, 4.0], 0.6, 24.0)
    assert model["triangles"] == 12
    stored = site.context.store.get(model["sha256"])
    assert model["url"] == f"https://vote.example.jp/files/models/{sha256_hex(stored)}.glb"
    assert [(place["site"], place["cost_yen"]) for place in proposal["placements"]] == [
        ("park", 2_000_000),
        ("plaza", 2_500_000),
    ]
    checks = proposal["placements"][0]["checks"]
    assert checks["verdict"] == "pass"
    assert "planning aid" in checks["notice_en"]
    assert [check["name"] for check in checks["checks"]] == ["inside_site", "height", "footprint_area", "headroom"]


async def test_sites_are_geojson_of_rfc_7946(site):
    answer = await site.get(f"{API}/sites.geojson?programme=tiny")
    assert answer.headers["content-type"].startswith("application/geo+json")
    collection = json.loads(answer.text)
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    plaza, park = collection["features"]
    assert (plaza["type"], plaza["id"]) == ("Feature", "plaza")
    assert plaza["properties"]["title"]["en"] == "Station plaza"
    assert park["properties"]["rules"] == {"max_footprint_m2": 30.0}
    polygon = shape(plaza["geometry"])
    assert polygon.equals(shape(square(139.6920, 35.6890, 0.0004)))
    assert polygon.exterior.is_ccw


async def test_a_ballot_before_its_opening_has_no_manifest(site):
    ballot = await ask(site, "/ballots/tiny-ballot")
    assert (ballot["state"], ballot["manifest"], ballot["manifest_sha256"], ballot["turnout"]) == (
        "scheduled",
        None,
        None,
        None,
    )
    assert ballot["options"] == ["bench", "tree", "stage"]


async def test_the_manifest_of_an_open_ballot_can_be_hashed_again_by_anybody(both_site):
    await both_site.open_ballot()
    ballot = await ask(both_site, "/ballots/tiny-ballot")
    assert sha256_hex(canonical_json(ballot["manifest"])) == ballot["manifest_sha256"]
    assert ballot["manifest"]["options"][0]["placements"][0]["heading_deg"] == "90.00"
    assert (ballot["state"], ballot["turnout"], ballot["notices"]) == ("open", 0, [])


async def test_turnout_and_notices_of_an_open_ballot(voted_site):
    form = {"proposal": "tree", "reason": "roots"}
    await voted_site.post("/admin/ballots/tiny-ballot/withdraw", form)
    form = {"closes_at": "2026-10-16T00:00", "reason": "rain"}
    await voted_site.post("/admin/ballots/tiny-ballot/extend", form)
    ballot = await ask(voted_site, "/ballots/tiny-ballot")
    assert ballot["turnout"] == 4
    withdrawal, extension = ballot["notices"]
    assert (withdrawal["kind"], withdrawal["proposal"], withdrawal["reason"]) == ("withdrawal", "tree", "roots")
    assert (extension["kind"], extension["closes_at"], extension["reason"]) == (
        "extension",
        "2026-10-15T15:00:00Z",
        "rain",
    )
    assert datetime.fromisoformat(ballot["closes_at"]) == datetime.fromisoformat(extension["closes_at"])


async def test_results_are_not_there_before_the_sealing(voted_site):
    for step in (voted_site.close, None):
        refusal = await ask(voted_site, "/ballots/tiny-ballot/results", 404)
        assert refusal["code"] == "results_not_published"
        assert "tiny-ballot" in refusal["message_en"]
        if step:
            await step()


async def test_results_with_decision_and_installation(both_site):
    site = both_site
    await site.open_ballot()
    await site.vote("U1", "bench", "stage")
    await site.vote("U2", "bench")
    await site.vote("U3", op="none")
    await site.seal()
    results = await ask(site, "/ballots/tiny-ballot/results")
    assert results["approvals"] == {"bench": 2, "tree": 0, "stage": 1}
    assert (results["voters"], results["blank"], results["late"], results["status"]) == (3, 1, 0, "final")
    assert results["selected"] == [
        {"proposal": "bench", "site": "plaza", "cost_yen": 1_000_000},
        {"proposal": "stage", "site": "park", "cost_yen": 2_000_000},
    ]
    assert results["channels"] == {"line": results["voters"], "web": 0, "code": 0, "paper": 0}
    assert results["assurance"] == {"account": results["voters"], "in_person": 0}
    assert set(results["compared"]) == {"site_winner", "greedy", "mes", "max_approval"}
    assert results["decision"] is None
    assert results["manifest_sha256"] == (await ask(site, "/ballots/tiny-ballot"))["manifest_sha256"]
    await site.post("/admin/ballots/tiny-ballot/decision", {"proposals": "bench", "reason": "shade"})
    results = await ask(site, "/ballots/tiny-ballot/results")
    assert results["decision"]["reason"] == "shade"
    assert results["decision"]["differs"] is True
    assert "actor" not in results["decision"]
    [installation] = results["installations"]
    assert (installation["proposal"], installation["status"]) == ("bench", "adopted")
    assert [step["note"] for step in installation["steps"]] == ["shade"]


async def test_unknown_names_are_404_and_say_so_in_both_languages(site):
    for path in (
        "/programmes/none",
        "/programmes/tiny/proposals/none",
        "/programmes/none/proposals/bench",
        "/ballots/none",
        "/ballots/none/results",
        "/sites.geojson?programme=none",
    ):
        refusal = await ask(site, path, 404)
        assert re.search("[ぁ-ん]", refusal["message_ja"])
        assert refusal["message_en"].isascii() or "“" in refusal["message_en"]


async def test_a_name_that_is_no_slug_is_422_and_names_the_parameter(site):
    refusal = await ask(site, "/sites.geojson", 422)
    assert refusal["code"] == "parameter_invalid"
    assert "programme" in refusal["message_en"]
    assert (await ask(site, "/ballots/NoSlug", 422))["code"] == "parameter_invalid"


async def test_the_api_only_reads(site):
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = await site.ask(method, f"{API}/programmes")
        assert answer.status == 405
        assert json.loads(answer.text)["code"] == "method_not_allowed"
