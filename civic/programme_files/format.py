"""The format of a programme file, field by field. Strict: an unknown key or a wrong type is an error.

Titles and texts are ``{ja: …, en: …}`` (Japanese required); times are RFC 3339 with an offset; lengths are metres,
angles degrees, money whole yen; file names are relative to the folder of the YAML file.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from civic.kernel.clock import JST
from civic.kernel.db.types import clean_text
from civic.kernel.errors import InvalidInput
from civic.kernel.i18n import LANGUAGES
from civic.kernel.ids import is_slug

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)?")
MOST_NAME_BYTES = 255
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_YEARS = range(1970, 3000)

T = TypeVar("T")


def _slug(value: str) -> str:
    if not is_slug(value):
        raise ValueError("slug")
    return value


def _time(value: object) -> datetime:
    instant = _parsed(datetime.fromisoformat, value, _TIME)
    if instant is None or instant.year not in _YEARS:
        raise ValueError("time")
    if instant.tzinfo is None:
        raise ValueError("naive_time")
    return instant


def _date(value: object) -> date:
    day = _parsed(date.fromisoformat, value, _DATE)
    if day is None:
        raise ValueError("date")
    return day


def _parsed(parse: Callable[[str], T], value: object, form: re.Pattern[str]) -> T | None:
    """The value, or None when it has another form or names a day or hour that does not exist."""
    if not isinstance(value, str) or not form.fullmatch(value):
        return None
    try:
        return parse(value)
    except ValueError:
        return None


def _file_name(value: str) -> str:
    path = PurePosixPath(value)
    leaves = path.is_absolute() or ".." in path.parts or "\\" in value
    if leaves or not path.name or len(value.encode()) > MOST_NAME_BYTES:
        raise ValueError("file_name")
    return _clean(value)


def _texts(value: Mapping[str, str]) -> dict[str, str]:
    if "ja" not in value or not value["ja"].strip():
        raise ValueError("japanese_missing")
    if unknown := set(value) - set(LANGUAGES):
        raise ValueError(f"language_unknown:{sorted(unknown)[0]}")
    return {language: _clean(text) for language, text in value.items()}


def _clean(text: str) -> str:
    try:
        return clean_text(text)
    except InvalidInput:
        raise ValueError("text_not_storable") from None


Slug = Annotated[str, AfterValidator(_slug)]
Time = Annotated[datetime, BeforeValidator(_time)]
Day = Annotated[date, BeforeValidator(_date)]
FileName = Annotated[str, AfterValidator(_file_name)]
Text = Annotated[str, AfterValidator(_clean), Field(max_length=2_000)]
Texts = Annotated[dict[str, Annotated[str, Field(max_length=2_000)]], AfterValidator(_texts)]
Title = Annotated[dict[str, Annotated[str, Field(max_length=200)]], AfterValidator(_texts)]
Metres = Annotated[float, Field(allow_inf_nan=False)]
Yen = Annotated[int, Field(ge=0, le=2**53 - 1)]


class Part(BaseModel):
    """What all parts share: no unknown key, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ProgrammePart(Part):
    """The season itself. ``area`` is the GeoJSON polygon that holds all its sites."""

    slug: Slug
    title: Title
    area: FileName


class StagePart(Part):
    """A stage with its half-open window."""

    kind: Literal["intake", "session", "review", "ballot", "decision", "delivery", "feedback"]
    opens_at: Time
    closes_at: Time


class SiteRulesPart(Part):
    """What a site allows; what is left out is not checked."""

    max_height_m: Annotated[Metres, Field(gt=0, le=300)] | None = None
    min_clear_width_m: Annotated[Metres, Field(gt=0, le=100)] | None = None
    max_footprint_m2: Annotated[Metres, Field(gt=0, le=1_000_000)] | None = None
    max_load_kn_m2: Annotated[Metres, Field(gt=0, le=1_000)] | None = None
    max_days: Annotated[int, Field(gt=0, le=366)] | None = None


class LayersPart(Part):
    """GeoJSON layers of a site."""

    gates: FileName | None = None
    obstacles: FileName | None = None
    tactile_paving: FileName | None = None
    emergency_lanes: FileName | None = None
    entrances: FileName | None = None
    hydrants: FileName | None = None


class SitePart(Part):
    """A place. ``ground_m``: height of its ground above Tokyo Peil, metres."""

    slug: Slug
    title: Title
    level: Literal["ground", "deck", "underground"]
    boundary: FileName
    ground_m: Annotated[Metres, Field(ge=-100, le=4_000)]
    manager: Text | None = None
    land_type: Text | None = None
    special_regime: Text | None = None
    rules: SiteRulesPart = SiteRulesPart()
    layers: LayersPart = LayersPart()


class GroupPart(Part):
    """A table of a workshop."""

    slug: Slug
    title: Title


class WorkshopPart(Part):
    """A dated session."""

    slug: Slug
    date: Day
    title: Title
    groups: tuple[GroupPart, ...] = ()


class ConsentPart(Part):
    """What the authors agreed to; without ``publish`` a proposal cannot be on a ballot."""

    publish: bool


class PlacementPart(Part):
    """Where the model's origin stands, and how. ``heading_deg``: clockwise from grid north.

    ``mass_kg``: what stands there in all; ``days``: on how many days of a year. Left out, they are not checked.

    ``lat`` may be read up to 180, so that a swapped pair is told as such when it is looked for in the area.
    """

    site: Slug
    lon: Annotated[float, Field(ge=-180, le=180)]
    lat: Annotated[float, Field(ge=-180, le=180)]
    heading_deg: Annotated[Metres, Field(ge=-360, le=360)] = 0.0
    base_m: Annotated[Metres, Field(ge=-50, le=300)] = 0.0
    scale: Annotated[Metres, Field(gt=0, le=100)] = 1.0
    cost_yen: Yen
    mass_kg: Annotated[float, Field(allow_inf_nan=False, gt=0, le=10_000_000)] | None = None
    days: Annotated[int, Field(gt=0, le=366)] | None = None


class ProposalPart(Part):
    """What a group wants. ``group`` names a group of a workshop, or is left out for an open call.

    ``model_unit`` and ``model_up`` say what the numbers of an OBJ, STL or PLY file mean: else metres, y up.
    """

    slug: Slug
    group: Slug | None = None
    title: Title
    summary: Texts
    for_whom: tuple[Text, ...] = ()
    model: FileName
    model_unit: Literal["m", "cm", "mm", "in", "ft"] | None = None
    model_up: Literal["y", "z"] | None = None
    alt: Texts
    licence: Text
    consent: ConsentPart
    placements: Annotated[tuple[PlacementPart, ...], Field(min_length=1)]


class BallotPart(Part):
    """The question put to people.

    ``beacon``: the public value that draws the lot of a tie, in words; it must not be known before the close.
    """

    slug: Slug
    title: Title
    method: Literal["site_winner", "greedy", "mes"]
    method_options: dict[str, Any] = Field(default_factory=dict)
    budget_yen: Yen | None = None
    max_approvals: Annotated[int, Field(ge=1, le=100)]
    options: Annotated[tuple[Slug, ...], Field(min_length=1, max_length=1_000)]
    audience: Literal["friends"] = "friends"
    opens_at: Time
    closes_at: Time
    late_grace_s: Annotated[int, Field(ge=0, le=86_400)] = 600
    languages: Annotated[tuple[Literal["ja", "en"], ...], Field(min_length=1)] = ("ja", "en")
    beacon: Title | None = None


class ProgrammeFile(Part):
    """A whole programme file."""

    programme: ProgrammePart
    stages: tuple[StagePart, ...] = ()
    sites: tuple[SitePart, ...] = ()
    workshops: tuple[WorkshopPart, ...] = ()
    proposals: tuple[ProposalPart, ...] = ()
    ballots: tuple[BallotPart, ...] = ()


def written_time(instant: datetime) -> str:
    """A time as people write it in a programme file: Japan time, seconds only when there are any."""
    local = instant.astimezone(JST)
    if local.microsecond:
        return local.isoformat(timespec="milliseconds")
    return local.isoformat(timespec="seconds" if local.second else "minutes")
