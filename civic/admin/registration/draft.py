"""A proposal as its form means it: texts, group, places, and what is still wrong with them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry import Point

from civic.admin.registration.fields import MOST_TEXT, MOST_TITLE, FieldReader, Problem
from civic.kernel.i18n import STAFF_LANGUAGES, translate
from civic.kernel.ids import is_slug
from civic.programmes.tables import Programme
from civic.proposals.surroundings import Surroundings
from civic.proposals.tables import Placement as StoredPlacement
from civic.proposals.tables import Proposal, ProposalVersion
from civic.proposals.words import audiences
from civic.sites.tables import Site
from civic.web.forms import Form
from civic.workshops.tables import Group, Workshop
from geodata.ingest.formats.units import UNITS, Units
from geodata.placement import Placement
from geodata.shapes import JAPAN_LAT, JAPAN_LON, from_wkb

LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0")
MOST_SLUG = 48
MOST_PLACES = 20


@dataclass(frozen=True)
class Present:
    """The proposal that is being corrected, in its newest version."""

    proposal: Proposal
    version: ProposalVersion
    places: tuple[tuple[StoredPlacement, Site], ...]


@dataclass(frozen=True)
class Desk:
    """What the form works with: the programme, its sites and groups, the names taken, what is corrected.

    ``surroundings`` are those of each site, by its slug.
    """

    programme: Programme
    sites: Mapping[str, Site]
    groups: Mapping[str, tuple[Workshop, Group]]
    taken: frozenset[str]
    present: Present | None
    surroundings: Mapping[str, Surroundings]


@dataclass(frozen=True)
class DraftPlace:
    """One place of the form by its key; what is None could not be read."""

    key: str
    site: Site | None
    placement: Placement | None
    cost_yen: int | None


@dataclass(frozen=True)
class Draft:
    """What the form means. ``content`` is a version's but for the file's name, ``units`` are the file's."""

    slug: str
    group_id: int | None
    content: Mapping[str, Any]
    units: Units
    places: tuple[DraftPlace, ...]
    problems: tuple[Problem, ...]


def read_draft(form: Form, desk: Desk, lang: str) -> Draft:
    """Read the whole form but its file."""
    fields = FieldReader(form, lang)
    content = _content(fields, desk)
    places = tuple(_place(fields, desk, key) for key in place_keys(form))
    _refuse_same_sites(fields, places)
    group = desk.groups.get(form.one("group"))
    slug = _slug(fields, desk)
    number = group[1].id if group else None
    return Draft(slug, number, content, _units(content), places, tuple(fields.problems))


def place_keys(form: Form) -> list[str]:
    """The keys of the places on the form, in order: small whole numbers, each once."""
    keys = [key for key in dict.fromkeys(form.every("place")) if re.fullmatch(r"[0-9]{1,2}", key)]
    return keys[:MOST_PLACES] or ["0"]


def middle_of(site: Site) -> tuple[float, float]:
    """A point well inside a site, its middle where that is inside: lon, lat in degrees."""
    boundary = from_wkb(site.boundary)
    middle = boundary.centroid if boundary.covers(boundary.centroid) else boundary.representative_point()
    return round(middle.x, 7), round(middle.y, 7)


def _content(fields: FieldReader, desk: Desk) -> dict[str, Any]:
    before: Mapping[str, Any] = desk.present.version.content if desk.present else {}
    licence = fields.form.one("licence")
    if licence not in {*LICENCES, before.get("licence")}:
        fields.refuse("licence", translate(fields.lang, "「利用の条件」を選んでください。"))
    return {
        "title": _texts(fields, "title", MOST_TITLE, before),
        "summary": _texts(fields, "summary", MOST_TEXT, before),
        "for_whom": _for_whom(fields.form, before),
        "alt": _texts(fields, "alt", MOST_TEXT, before),
        "licence": licence,
        "consent": {"publish": bool(fields.form.one("publish"))},
        **_said_of_the_file(fields.form),
    }


def _said_of_the_file(form: Form) -> dict[str, str]:
    """What is said of the file's numbers, as a programme file says it: nothing for metres with y up."""
    unit, up = form.one("unit"), form.one("up")
    said = {"model_unit": unit} if unit in UNITS and unit != "m" else {}
    return said | ({"model_up": "z"} if up == "z" else {})


def _units(content: Mapping[str, Any]) -> Units:
    return Units(UNITS[content.get("model_unit", "m")], content.get("model_up", "y"))


def _texts(fields: FieldReader, name: str, most: int, before: Mapping[str, Any]) -> dict[str, str]:
    """A text in the languages of the form, beside those that the form does not know."""
    others = {lang: text for lang, text in before.get(name, {}).items() if lang not in STAFF_LANGUAGES}
    typed = {lang: fields.text(f"{name}_{lang}", most, required=lang == "ja") for lang in STAFF_LANGUAGES}
    return {lang: text for lang, text in typed.items() if text} | others


def _for_whom(form: Form, before: Mapping[str, Any]) -> list[str]:
    known = audiences("ja")
    ticked = [code for code in known if code in form.every("for_whom")]
    return ticked + [code for code in before.get("for_whom", ()) if code not in known]


def _place(fields: FieldReader, desk: Desk, key: str) -> DraftPlace:
    site = desk.sites.get(fields.form.one(f"site-{key}"))
    if site is None:
        fields.refuse(f"site-{key}", translate(fields.lang, "「場所」を選んでください。"))
    position = _position(fields, desk, site, key)
    heading = fields.number(f"heading-{key}", blank=0.0)
    base, scale = fields.number(f"base-{key}", blank=0.0), fields.number(f"scale-{key}", blank=1.0)
    cost = fields.whole(f"cost-{key}")
    mass, days = fields.optional(f"mass-{key}"), fields.optional(f"days-{key}")
    placement = None
    if position is not None and heading is not None and base is not None and scale is not None:
        whole_days = None if days is None else round(days)
        placement = Placement(*position, heading % 360, base, scale, mass, whole_days)
    return DraftPlace(key, site, placement, cost)


def _position(fields: FieldReader, desk: Desk, site: Site | None, key: str) -> tuple[float, float] | None:
    """lon, lat in degrees; the site's middle when both fields are empty."""
    names = f"lon-{key}", f"lat-{key}"
    if not any(fields.form.one(name).strip() for name in names):
        return middle_of(site) if site else None
    lon, lat = (fields.number(name) for name in names)
    if lon is None or lat is None:
        return None
    if _within(lat, JAPAN_LON) and _within(lon, JAPAN_LAT):
        sentence = translate(
            fields.lang,
            "緯度と経度が逆のようです。経度に {lat}、緯度に {lon} と入れてください。",
            lon=f"{lon:.7g}",
            lat=f"{lat:.7g}",
        )
        fields.refuse(names[0], sentence)
        return None
    if not from_wkb(desk.programme.area).covers(Point(lon, lat)):
        sentence = translate(
            fields.lang,
            "この点（経度 {lon}、緯度 {lat}）は、事業の区域の外です。地図の座標を確かめるか、"
            "両方を空にして、場所のまんなかに置いてください。",
            lon=f"{lon:.7g}",
            lat=f"{lat:.7g}",
        )
        fields.refuse(names[0], sentence)
        return None
    return lon, lat


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _refuse_same_sites(fields: FieldReader, places: tuple[DraftPlace, ...]) -> None:
    seen: set[str] = set()
    for place in places:
        if place.site is not None and place.site.slug in seen:
            sentence = translate(
                fields.lang, "同じ場所が 2 回あります。ちがう場所にするか、片方をやめてください。"
            )
            fields.refuse(f"site-{place.key}", sentence)
        seen.add(place.site.slug if place.site else "")


def _slug(fields: FieldReader, desk: Desk) -> str:
    if desk.present is not None:
        return desk.present.proposal.slug
    typed = fields.form.one("slug").strip()
    if not typed:
        return free_slug(fields.form.one("title_en"), desk.taken)
    if not is_slug(typed):
        sentence = translate(
            fields.lang, "英小文字・数字・ハイフンで、64 文字までにしてください（例：shade-bench）。"
        )
        fields.refuse("slug", sentence)
    return typed


def free_slug(title_en: str, taken: frozenset[str]) -> str:
    """A slug from an English title, or ``proposal-N`` without one, that no other proposal has."""
    plain = unicodedata.normalize("NFKD", title_en).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:MOST_SLUG].strip("-")
    names = [stem, *(f"{stem}-{n}" for n in range(2, len(taken) + 3))] if stem else []
    names += [f"proposal-{n}" for n in range(1, len(taken) + 2)]
    return next(name for name in names if name not in taken)
