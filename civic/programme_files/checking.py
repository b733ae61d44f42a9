"""What the format alone cannot tell: references, times, files, polygons, and every model through the gate."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from shapely.geometry import Point, Polygon
from shapely.geometry.base import BaseGeometry

from civic.kernel.i18n import marked
from civic.programme_files.format import BallotPart, ProgrammeFile, ProposalPart
from civic.programme_files.reading import Document, Key, Problem, ProgrammeFileError, dotted, line_of
from civic.proposals.gate import admit
from civic.tallies.methods.registry import check_options
from civic.tallies.methods.types import TallyInputError
from geodata.ingest.errors import ModelRejected
from geodata.ingest.formats.units import UNITS, Units
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model
from geodata.layers import read_layer
from geodata.shapes import ShapeError, read_polygon

MOST_FILE_BYTES = 25_000_000
DEFAULT_LIMITS = Limits()

Layers = Mapping[str, tuple[BaseGeometry, ...]]
"""The geometries of a site's layers in lon/lat, by the name of the layer."""


@dataclass(frozen=True)
class Checked:
    """A programme file that holds together: polygons by file name, layers by site, models by proposal.

    ``limits`` are those that its models have passed.
    """

    document: Document
    files: Mapping[str, bytes]
    polygons: Mapping[str, Polygon]
    layers: Mapping[str, Layers]
    models: Mapping[str, Model]
    limits: Limits

    @property
    def content(self) -> ProgrammeFile:
        """The file's content."""
        return self.document.content


def check_document(document: Document, limits: Limits = DEFAULT_LIMITS) -> Checked:
    """Check everything. ProgrammeFileError lists all problems with file, line, key and what to write instead."""
    problems = [*_references(document), *_times(document)]
    files = _Files(document)
    polygons = files.polygons()
    layers = files.layers()
    models = files.models(limits)
    problems += files.problems
    if problems:
        raise ProgrammeFileError(problems)
    problems = list(_positions(document, polygons))
    if problems:
        raise ProgrammeFileError(problems)
    return Checked(document, files.contents, polygons, layers, models, limits)


class _Files:
    """Reads the files that a programme names, collecting what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.contents: dict[str, bytes] = {}
        self.problems: list[Problem] = []

    def polygons(self) -> dict[str, Polygon]:
        """The programme's area and the boundary of each site, by file name."""
        content = self._document.content
        wanted: list[tuple[Key, str]] = [(("programme", "area"), content.programme.area)]
        wanted += [(("sites", i, "boundary"), site.boundary) for i, site in enumerate(content.sites)]
        found = {}
        for key, name in wanted:
            data = self._read(key, name)
            if data is not None:
                polygon = self._polygon(key, name, data)
                if polygon is not None:
                    found[name] = polygon
        return found

    def layers(self) -> dict[str, Layers]:
        """The layers of each site, by its slug."""
        found: dict[str, Layers] = {}
        for i, site in enumerate(self._document.content.sites):
            named = site.layers.model_dump(exclude_none=True)
            found[site.slug] = {
                kind: self._layer(("sites", i, "layers", kind), kind, name) for kind, name in named.items()
            }
        return found

    def models(self, limits: Limits) -> dict[str, Model]:
        """Every model through the gate, by the slug of its proposal."""
        found: dict[str, Model] = {}
        for i, proposal in enumerate(self._document.content.proposals):
            key: Key = ("proposals", i, "model")
            data = self._read(key, proposal.model)
            if data is None:
                continue
            try:
                found[proposal.slug] = admit(data, proposal.model, _units(proposal), limits)
            except ModelRejected as rejected:
                self._add(key, rejected.message_ja, rejected.message_en)
        return found

    def _read(self, key: Key, name: str) -> bytes | None:
        if name in self.contents:
            return self.contents[name]
        path = self._find(name)
        if path is None:
            message = marked("ファイル {name} がありません。名前を確かめるか、同じフォルダーに置いてください。")
            self.problems.append(self._document.problem(key, message, name=name))
            return None
        if path.stat().st_size > MOST_FILE_BYTES:
            message = marked("ファイル {name} が大きすぎます（25 MB まで）。")
            self.problems.append(self._document.problem(key, message, name=name))
            return None
        self.contents[name] = path.read_bytes()
        return self.contents[name]

    def _find(self, name: str) -> Path | None:
        """A file of the folder itself: no link out of it. Some systems store names decomposed (NFD)."""
        folder = self._document.path.parent.resolve()
        for spelling in (name, unicodedata.normalize("NFD", name)):
            path = folder / spelling
            if path.is_file() and path.resolve() == path:
                return path
        return None

    def _polygon(self, key: Key, name: str, data: bytes) -> Polygon | None:
        try:
            return read_polygon(data)
        except ShapeError as error:
            self._add(key, f"{name}: {error.message_ja}", f"{name}: {error.message_en}")
            return None

    def _layer(self, key: Key, kind: str, name: str) -> tuple[BaseGeometry, ...]:
        data = self._read(key, name)
        try:
            return read_layer(kind, data) if data is not None else ()
        except ShapeError as error:
            self._add(key, f"{name}: {error.message_ja}", f"{name}: {error.message_en}")
            return ()

    def _add(self, key: Key, ja: str, en: str) -> None:
        self.problems.append(_said(self._document, key, ja, en))


def _said(document: Document, key: Key, ja: str, en: str) -> Problem:
    """A problem whose sentence comes in both languages from where it was found."""
    return Problem(document.path.name, line_of(document.lines, key), dotted(key), ja, english=en)


def _units(proposal: ProposalPart) -> Units:
    return Units(UNITS[proposal.model_unit or "m"], proposal.model_up or "y")


def _references(document: Document) -> Iterator[Problem]:
    content = document.content
    slugs = {
        "sites": [site.slug for site in content.sites],
        "proposals": [proposal.slug for proposal in content.proposals],
        "ballots": [ballot.slug for ballot in content.ballots],
        "workshops": [workshop.slug for workshop in content.workshops],
    }
    for part, listed in slugs.items():
        yield from _twice(document, [((part, i, "slug"), slug) for i, slug in enumerate(listed)])
    groups = {
        ("workshops", i, "groups", j, "slug"): group.slug
        for i, workshop in enumerate(content.workshops)
        for j, group in enumerate(workshop.groups)
    }
    yield from _twice(document, groups.items())
    sites = {site.slug for site in content.sites}
    for i, proposal in enumerate(content.proposals):
        if proposal.group is not None and proposal.group not in groups.values():
            yield _unknown(document, ("proposals", i, "group"), proposal.group, groups.values())
        for j, placement in enumerate(proposal.placements):
            if placement.site not in sites:
                yield _unknown(document, ("proposals", i, "placements", j, "site"), placement.site, sites)
        used = [(("proposals", i, "placements", j, "site"), p.site) for j, p in enumerate(proposal.placements)]
        yield from _twice(document, used)
    for i, ballot in enumerate(content.ballots):
        yield from _options(document, i, ballot)


def _options(document: Document, i: int, ballot: BallotPart) -> Iterator[Problem]:
    proposals = {proposal.slug: proposal for proposal in document.content.proposals}
    yield from _twice(document, [(("ballots", i, "options", j), slug) for j, slug in enumerate(ballot.options)])
    try:
        check_options(ballot.method, ballot.method_options)
    except TallyInputError as error:
        yield _said(document, ("ballots", i, "method_options"), error.message_ja, error.message_en)
    for j, option in enumerate(ballot.options):
        key: Key = ("ballots", i, "options", j)
        if option not in proposals:
            yield _unknown(document, key, option, proposals)
        elif not proposals[option].consent.publish:
            message = marked("公開の同意（consent.publish）がない提案は投票に載せられません。")
            yield document.problem(key, message)


def _times(document: Document) -> Iterator[Problem]:
    content = document.content
    for i, stage in enumerate(content.stages):
        if stage.closes_at <= stage.opens_at:
            yield _ends_before(document, ("stages", i, "closes_at"))
    stages = [stage for stage in content.stages if stage.kind == "ballot"]
    for i, ballot in enumerate(content.ballots):
        if ballot.closes_at <= ballot.opens_at:
            yield _ends_before(document, ("ballots", i, "closes_at"))
        elif not any(s.opens_at <= ballot.opens_at and ballot.closes_at <= s.closes_at for s in stages):
            message = marked(
                "投票の期間が、kind: ballot の段階の中に入っていません。段階か投票の時刻を直してください。"
            )
            yield document.problem(("ballots", i, "opens_at"), message)


def _positions(document: Document, polygons: Mapping[str, Polygon]) -> Iterator[Problem]:
    content = document.content
    area = polygons[content.programme.area]
    for i, site in enumerate(content.sites):
        if not area.covers(polygons[site.boundary]):
            message = (
                "場所の境界が、事業の区域（programme.area）の外にはみ出しています。どちらかを直してください。"
            )
            yield document.problem(("sites", i, "boundary"), message)
    for i, proposal in enumerate(content.proposals):
        for j, placement in enumerate(proposal.placements):
            if not area.covers(Point(placement.lon, placement.lat)):
                message = marked(
                    "点（lon {lon}, lat {lat}）が事業の区域の外です。"
                    "経度（lon）は 139 台、緯度（lat）は 35 台です。入れ替わっていないか確かめてください。"
                )
                key: Key = ("proposals", i, "placements", j, "lon")
                yield document.problem(key, message, lon=placement.lon, lat=placement.lat)


def _twice(document: Document, slugs: Iterable[tuple[Key, str]]) -> Iterator[Problem]:
    """A problem for each slug that stands there more than once, at its last place."""
    places: dict[str, list[Key]] = defaultdict(list)
    for key, slug in slugs:
        places[slug].append(key)
    for slug, keys in places.items():
        if len(keys) > 1:
            message = marked("「{slug}」が {number} 回出てきます。名前は 1 回ずつにしてください。")
            yield document.problem(keys[-1], message, slug=slug, number=len(keys))


def _unknown(document: Document, key: Key, slug: str, known: Iterable[str]) -> Problem:
    message = marked("「{slug}」はこのファイルにありません。あるのは: {known}")
    return document.problem(key, message, slug=slug, known=", ".join(sorted(known)) or "-")


def _ends_before(document: Document, key: Key) -> Problem:
    return document.problem(key, "終わりの時刻は、始まりの時刻より後にしてください。")
