"""The two example programmes: exactly the documented keys, sound places, true limits, both languages."""

import json
from datetime import date, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
import shapely
import yaml
from shapely.geometry import shape

from geodata.crs import geometry_to_plane, to_plane
from geodata.west_shinjuku.generator.catalogue import MODELS, PROGRAMMES

SLUGS = ("nishi-shinjuku-2023", "nishi-shinjuku-2026")
STAGE_KINDS = ["intake", "session", "review", "ballot", "decision", "delivery", "feedback"]
LAYERS = {"gates", "obstacles", "tactile_paving", "emergency_lanes", "entrances", "hydrants"}
RULES = {"max_height_m", "min_clear_width_m", "max_footprint_m2"}
KEYS = {  # as in the programme file of the design
    "programme": {"slug", "title", "area"},
    "stages": {"kind", "opens_at", "closes_at"},
    "sites": {"slug", "title", "level", "boundary", "ground_m", "manager", "land_type", "special_regime", "rules"},
    "workshops": {"slug", "date", "title", "groups"},
    "groups": {"slug", "title"},
    "proposals": {
        *("slug", "group", "title", "summary", "for_whom", "model", "alt"),
        *("licence", "consent", "placements"),
    },
    "placements": {"site", "lon", "lat", "heading_deg", "base_m", "scale", "cost_yen"},
    "ballots": {
        *("slug", "title", "method", "method_options", "budget_yen", "max_approvals", "options", "audience"),
        *("opens_at", "closes_at", "late_grace_s", "languages"),
    },
}  # fmt: skip
SIZES = {model.slug: (model.width, model.depth, model.height) for model in MODELS}
# 万円, as the example proposals were planned
COSTS = {
    "shade-bench": 280, "rain-shelter": 420, "garden-cubes": 150, "lawn-stage": 310, "misty-grove": 360,
    "piano-and-books": 120, "beacon": 500, "planters-to-sit-on": 90, "book-tunnel": 180, "step-free-lookout": 450,
    "giant-swing": 600, "night-market-stalls": 240,
}  # fmt: skip


def load(slug: str) -> dict:
    return yaml.safe_load((PROGRAMMES / slug / "programme.yaml").read_text(encoding="utf-8"))


def geometry(slug: str, name: str):
    feature = json.loads((PROGRAMMES / slug / name).read_text(encoding="utf-8"))
    return shape(feature["geometry"])


def moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    assert value.utcoffset() == timedelta(hours=9)
    return value


def placed_rectangle(placement: dict, width: float, depth: float):
    """The bounding box on the plane: the front (+z) looks along the heading, +x is to its left."""
    turn = np.radians(placement["heading_deg"])
    front, left = np.array([np.sin(turn), np.cos(turn)]), np.array([-np.cos(turn), np.sin(turn)])
    centre = np.array(to_plane(placement["lon"], placement["lat"]))
    signs = ((-1, -1), (-1, 1), (1, 1), (1, -1))
    return shapely.Polygon([centre + left * width / 2 * x + front * depth / 2 * z for x, z in signs])


def placements(slug: str):
    data = load(slug)
    sites = {site["slug"]: site for site in data["sites"]}
    for proposal in data["proposals"]:
        for placement in proposal["placements"]:
            yield proposal["slug"], placement, sites[placement["site"]]


@pytest.fixture(params=SLUGS)
def slug(request):
    return request.param


@pytest.fixture
def data(slug):
    return load(slug)


def test_keys_are_exactly_the_documented_ones(data):
    assert list(data) == ["programme", "stages", "sites", "workshops", "proposals", "ballots"]
    assert set(data["programme"]) == KEYS["programme"]
    for name in ("stages", "sites", "workshops", "proposals", "ballots"):
        assert all(set(entry) - {"layers"} == KEYS[name] for entry in data[name]), name
    assert all(set(site["layers"]) <= LAYERS for site in data["sites"] if "layers" in site)
    assert all(set(group) == KEYS["groups"] for workshop in data["workshops"] for group in workshop["groups"])
    placed = [placement for proposal in data["proposals"] for placement in proposal["placements"]]
    assert all(set(placement) - {"days"} == KEYS["placements"] for placement in placed)
    assert all(set(site["rules"]) == RULES for site in data["sites"])
    assert all(proposal["consent"] == {"publish": True} for proposal in data["proposals"])


def test_every_text_is_there_in_japanese_and_english(data):
    texts = [data["programme"]["title"]]
    texts += [entry["title"] for name in ("sites", "workshops", "proposals", "ballots") for entry in data[name]]
    texts += [group["title"] for workshop in data["workshops"] for group in workshop["groups"]]
    texts += [proposal[field] for proposal in data["proposals"] for field in ("summary", "alt")]
    for text in texts:
        assert list(text) == ["ja", "en"]
        assert all(sentence.strip() == sentence != "" for sentence in text.values())
        assert text["en"].replace("“", "").replace("”", "").replace("–", "").isascii()


def test_titles_fit_a_card_and_summaries_are_two_or_three_sentences(data):
    for proposal in data["proposals"]:
        assert len(proposal["title"]["ja"]) <= 18
        assert 2 <= proposal["summary"]["ja"].count("。") <= 3
        assert "例" in proposal["summary"]["ja"]
        assert "example" in proposal["summary"]["en"]


def test_slugs_are_plain_and_unique(data):
    for name in ("sites", "workshops", "proposals", "ballots"):
        slugs = [entry["slug"] for entry in data[name]]
        assert len(set(slugs)) == len(slugs)
        assert all(set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for text in slugs)


def test_sites_and_ballots_are_unique_over_both_programmes():
    first, second = (load(slug) for slug in SLUGS)
    for name in ("sites", "ballots"):
        assert not {entry["slug"] for entry in first[name]} & {entry["slug"] for entry in second[name]}


def test_every_named_file_and_reference_exists(slug, data):
    folder = PROGRAMMES / slug
    named = [data["programme"]["area"], *(site["boundary"] for site in data["sites"])]
    named += [name for site in data["sites"] for name in site.get("layers", {}).values()]
    named += [proposal["model"] for proposal in data["proposals"]]
    assert all((folder / name).is_file() for name in named)
    assert {path.name for path in folder.iterdir()} == {*named, "programme.yaml"}
    groups = {group["slug"] for workshop in data["workshops"] for group in workshop["groups"]}
    assert {proposal["group"] for proposal in data["proposals"]} == groups
    assert {proposal["licence"] for proposal in data["proposals"]} == {"CC0-1.0"}


def test_stages_follow_one_another(data):
    assert [stage["kind"] for stage in data["stages"]] == STAGE_KINDS
    times = [(moment(stage["opens_at"]), moment(stage["closes_at"])) for stage in data["stages"]]
    assert all(opens < closes for opens, closes in times)
    assert all(before[1] == after[0] for before, after in pairwise(times))


def test_the_ballot_lies_in_its_stage_and_the_workshop_in_the_session(data):
    stages = {stage["kind"]: (moment(stage["opens_at"]), moment(stage["closes_at"])) for stage in data["stages"]}
    for ballot in data["ballots"]:
        opens, closes = moment(ballot["opens_at"]), moment(ballot["closes_at"])
        assert stages["ballot"][0] <= opens < closes <= stages["ballot"][1]
        assert set(ballot["options"]) <= {proposal["slug"] for proposal in data["proposals"]}
    for workshop in data["workshops"]:
        assert isinstance(workshop["date"], date)
        assert stages["session"][0].date() <= workshop["date"] <= stages["session"][1].date()


def test_polygons_are_valid_counter_clockwise_and_inside_the_area(slug, data):
    area = geometry(slug, data["programme"]["area"])
    for site in data["sites"]:
        boundary = geometry(slug, site["boundary"])
        assert boundary.is_valid
        assert boundary.exterior.is_ccw
        assert area.contains(boundary)


def test_sites_have_the_sizes_that_the_notes_give():
    # m2, as the example sites were planned; tolerance 1 %
    expected = {"chuo-mizu": 400, "tomin": 5000, "sankaku": 3250, "55hiroba": 300, "st4": 150, "gijido": 80}
    areas = {name: geometry_to_plane(geometry(SLUGS[1], f"{name}.geojson")).area for name in expected}
    assert areas == pytest.approx(expected, rel=0.01)


def test_every_placement_is_inside_its_site(slug):
    for name, placement, site in placements(slug):
        boundary = geometry_to_plane(geometry(slug, site["boundary"]))
        width, depth, _ = SIZES[name]
        rectangle = placed_rectangle(placement, width, depth)
        assert rectangle.area == pytest.approx(width * depth)
        assert boundary.contains(rectangle), name
        assert rectangle.area <= site["rules"]["max_footprint_m2"]


def test_no_two_proposals_stand_in_each_other(slug):
    placed = [(site["slug"], placed_rectangle(p, *SIZES[name][:2])) for name, p, site in placements(slug)]
    for number, (site, rectangle) in enumerate(placed):
        assert not any(site == other and rectangle.intersects(near) for other, near in placed[number + 1 :])


def test_only_the_giant_swing_is_too_high_and_it_is_not_on_the_ballot():
    too_high = {
        name for slug in SLUGS for name, p, site in placements(slug)
        if p["base_m"] + SIZES[name][2] * p["scale"] > site["rules"]["max_height_m"]
    }  # fmt: skip
    assert too_high == {"giant-swing"}
    (ballot,) = load("nishi-shinjuku-2026")["ballots"]
    assert set(SIZES) & set(ballot["options"]) == set(COSTS) - {"giant-swing", "night-market-stalls"}


def test_costs_of_2026_are_those_of_the_table():
    costs = {name: placement["cost_yen"] for name, placement, _ in placements("nishi-shinjuku-2026")}
    assert costs == {name: ten_thousands * 10_000 for name, ten_thousands in COSTS.items()}


def test_2023_tells_what_is_known_and_labels_what_is_invented():
    data = load("nishi-shinjuku-2023")
    assert "再現" in data["programme"]["title"]["ja"]
    (workshop,) = data["workshops"]
    assert workshop["date"] == date(2023, 7, 5)
    assert len(workshop["groups"]) == len(data["proposals"]) == 4
    labelled = [proposal["slug"] for proposal in data["proposals"] if "創作" in proposal["title"]["ja"]]
    assert labelled == ["long-table", "light-path", "play-mound"]
    (ballot,) = data["ballots"]
    assert ballot["max_approvals"] == 1
    assert len({p["site"] for proposal in data["proposals"] for p in proposal["placements"]}) == 1


def test_the_ballot_of_2026_is_as_announced():
    (ballot,) = load("nishi-shinjuku-2026")["ballots"]
    assert (ballot["slug"], ballot["method"], ballot["max_approvals"]) == ("attara-2026", "site_winner", 3)
    assert (ballot["opens_at"], ballot["closes_at"]) == ("2026-11-16T09:00+09:00", "2026-12-07T00:00+09:00")
    assert len(ballot["options"]) == 10
    assert (ballot["budget_yen"], ballot["method_options"], ballot["late_grace_s"]) == (None, {}, 600)
