"""What the server says about a form before anything is saved: the gate's answer, and the checks of each place."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import PurePath

from civic.admin.registration.draft import Desk, Draft, DraftPlace, read_draft
from civic.admin.registration.fields import Problem
from civic.admin.registration.words import unit_words
from civic.kernel.canonical import sha256_hex
from civic.kernel.i18n import translate
from civic.kernel.storage import FileStore
from civic.proposals.actions import PlannedPlacement, PlannedVersion
from civic.proposals.checks import PlacementReport, check_placement
from civic.proposals.gate import admit
from civic.proposals.models import StoredModels
from civic.proposals.queries import original_of
from civic.proposals.surroundings import Rivals
from civic.web.forms import Form, Upload
from civic.web.places import drawn_around
from civic.web.plans import PlanView, Standing, site_plan
from geodata.ingest.errors import SENTENCES, ModelRejected
from geodata.ingest.formats.units import Units, suggest
from geodata.ingest.limits import Limits
from geodata.ingest.model import Model

_DIGEST = re.compile(r"[0-9a-f]{64}")
_ALWAYS_METRES = (".glb", ".gltf")
_SUFFIX = re.compile(r"\.[a-z0-9]{1,5}")


@dataclass(frozen=True)
class StoredFile:
    """A file in the store, and what its sender called it."""

    sha256: str
    name: str


@dataclass(frozen=True)
class GateAnswer:
    """The gate about a file: the model when it was accepted, and a sentence.

    ``file`` is what need not be chosen again: the accepted file, or the earlier one when a later was refused.
    """

    model: Model | None
    sentence: str
    file: StoredFile | None


@dataclass(frozen=True)
class PlaceAnswer:
    """The checks of one place, and the plan of it."""

    report: PlacementReport
    plan: PlanView


@dataclass(frozen=True)
class Examination:
    """All answers. ``checked`` is a hash of everything that the checks depend on, empty while one is missing."""

    form: Form
    draft: Draft
    gate: GateAnswer | None
    places: Mapping[str, PlaceAnswer]
    problems: tuple[Problem, ...]
    checked: str

    @property
    def fails(self) -> bool:
        """Whether a place does not meet its conditions."""
        return any(answer.report.verdict == "fail" for answer in self.places.values())


def examine(
    form: Form, upload: Upload | None, desk: Desk, store: FileStore, limits: Limits, lang: str
) -> Examination:
    """Ask the gate and the checks, which takes seconds. An accepted file is stored, a refused one not."""
    draft = read_draft(form, desk, lang)
    gate = _Asking(draft.units, store, limits, lang).gate(form, upload)
    problems = [*_file_problems(gate, lang), *draft.problems]
    places = {}
    if gate is not None and gate.model is not None:
        model = gate.model
        rivals = Rivals(StoredModels(store, limits))
        answers = {place.key: _answer(model, place, draft, desk, rivals) for place in draft.places}
        places = {key: answer for key, answer in answers.items() if answer is not None}
    complete = len(places) == len(draft.places)
    hashes = " ".join(answer.report.inputs_sha256 for answer in places.values())
    return Examination(form, draft, gate, places, tuple(problems), sha256_hex(hashes.encode()) if complete else "")


def planned_version(examination: Examination, desk: Desk) -> PlannedVersion:
    """The version that an examination without problems stands for."""
    draft, gate = examination.draft, examination.gate
    assert gate is not None
    assert gate.model is not None
    assert gate.file is not None
    named = {"model": _file_name(draft.slug, gate.file, desk), "original": asdict(gate.file)}
    return PlannedVersion(
        slug=draft.slug,
        position=0,
        group_id=draft.group_id,
        content={**draft.content, **named},
        model=gate.model.sha256,
        facts=gate.model.facts.as_json(),
        placements=[_planned(place, examination.places[place.key].report) for place in draft.places],
    )


@dataclass(frozen=True)
class _Asking:
    """Asks the gate about a file whose numbers mean these units."""

    units: Units
    store: FileStore
    limits: Limits
    lang: str

    def gate(self, form: Form, upload: Upload | None) -> GateAnswer | None:
        """About the file that came, else about the one that came before; None without any."""
        before = _sent_before(form, self.store)
        if upload is not None:
            return self._about_upload(upload, before)
        return self._about(self.store.get(before.sha256), before.name, None) if before else None

    def _about_upload(self, upload: Upload, before: StoredFile | None) -> GateAnswer:
        if upload.data is not None:
            return self._about(upload.data, upload.name, before)
        sizes = {"size_mb": f"{upload.size / 1e6:.1f}", "limit_mb": f"{self.limits.file_bytes / 1e6:g}"}
        sentence = SENTENCES["file_too_large"].filled(sizes)
        return GateAnswer(None, sentence.en if self.lang == "en" else sentence.ja, before)

    def _about(self, data: bytes, name: str, before: StoredFile | None) -> GateAnswer:
        try:
            model = admit(data, name, self.units, self.limits)
        except ModelRejected as refusal:
            return GateAnswer(None, refusal.message_en if self.lang == "en" else refusal.message_ja, before)
        self.store.put(model.canonical)
        said = model.message_en if self.lang == "en" else model.message_ja
        return GateAnswer(model, said + self._other_unit(model, name), StoredFile(self.store.put(data), name))

    def _other_unit(self, model: Model, name: str) -> str:
        """Which unit to choose when the size looks like it; glTF knows metres only."""
        unit = suggest(max(model.facts.bounds_m), self.units)
        if unit is None or PurePath(name).suffix.lower() in _ALWAYS_METRES:
            return ""
        return " " + translate(
            self.lang,
            "「ファイルの長さの単位」で {unit} を選んで、もう一度確かめてください。",
            unit=unit_words(unit, self.lang),
        )


def _sent_before(form: Form, store: FileStore) -> StoredFile | None:
    """The file that an earlier answer stored; None when there was none or it is gone."""
    digest = form.one("model")
    known = _DIGEST.fullmatch(digest) is not None and store.path(digest).is_file()
    return StoredFile(digest, form.one("model_name")) if known else None


def _file_problems(gate: GateAnswer | None, lang: str) -> list[Problem]:
    if gate is None:
        return [Problem("file", translate(lang, "3Dモデルのファイルを選んでください。"))]
    return [] if gate.model is not None else [Problem("file", gate.sentence)]


def _answer(model: Model, place: DraftPlace, draft: Draft, desk: Desk, rivals: Rivals) -> PlaceAnswer | None:
    if place.site is None or place.placement is None:
        return None
    around, bounds_m = desk.surroundings[place.site.slug], model.facts.bounds_m
    ground = around.ground(draft.slug, bounds_m, place.placement, rivals)
    report = check_placement(model, place.placement, ground)
    near = around.near(draft.slug, bounds_m, place.placement)
    drawn = drawn_around(around, near, report.as_json()["checks"])
    plan = site_plan(around.site.boundary, [Standing(model.facts.outline, place.placement)], drawn)
    return PlaceAnswer(report, plan)


def _file_name(slug: str, file: StoredFile, desk: Desk) -> str:
    """A name of our own for the file, so that no two files of an exported programme share one."""
    if desk.present is not None and original_of(desk.present.version)["sha256"] == file.sha256:
        return str(desk.present.version.content["model"])
    suffix = PurePath(file.name).suffix.lower()
    return f"{slug}-{file.sha256[:8]}{suffix if _SUFFIX.fullmatch(suffix) else '.glb'}"


def _planned(place: DraftPlace, report: PlacementReport) -> PlannedPlacement:
    assert place.site is not None
    assert place.placement is not None
    return PlannedPlacement(
        site_id=place.site.id or 0,
        **vars(place.placement),
        cost_yen=place.cost_yen or 0,
        verdict=report.verdict,
        checks=report.as_json(),
    )
