"""What the pages of the registration show: the form with everything typed, and the answers before saving."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from civic.admin.registration.draft import LICENCES, Desk, Present, place_keys
from civic.admin.registration.examination import Examination, GateAnswer, PlaceAnswer, StoredFile
from civic.admin.registration.fields import LABELS, Problem, label_of
from civic.admin.registration.words import licence, unit_words, up_words
from civic.kernel.i18n import localized, translate
from civic.proposals.queries import original_of
from civic.proposals.words import audiences
from civic.sites.tables import Site
from civic.web import words
from civic.web.forms import Form
from civic.web.places import CheckLine, check_line
from civic.web.plans import PlanView
from geodata.ingest.formats.units import UNITS
from geodata.placement import PLANNING_AID_EN, PLANNING_AID_JA

_OF_A_PLACE = ("site", "lon", "lat", "heading", "base", "scale", "cost", "mass", "days")
_FRESH_PLACE = {"heading": "0", "base": "0", "scale": "1"}


@dataclass(frozen=True)
class Field:
    """A field: its name (and id), what it is called, what was typed, and what is wrong with that."""

    name: str
    label: str
    value: str
    error: str


@dataclass(frozen=True)
class Choice:
    """One of several to choose from."""

    value: str
    words: str
    chosen: bool
    detail: str = ""


@dataclass(frozen=True)
class PlaceAnswers:
    """What the checks say of one place; ``heading`` is the direction in words."""

    plan: PlanView
    verdict: str
    verdict_words: str
    heading: str
    checks: tuple[CheckLine, ...]


@dataclass(frozen=True)
class PlaceForm:
    """One place of the form."""

    key: str
    title: str
    fields: Mapping[str, Field]
    sites: tuple[Choice, ...]
    answers: PlaceAnswers | None


@dataclass(frozen=True)
class ModelView:
    """The accepted model: its size in words, and what the gate says."""

    size: str
    triangles: int
    remark: str


@dataclass(frozen=True)
class RegistrationPage:
    """The form. ``corrects`` is the version that is being corrected, None for a new proposal.

    ``file`` need not be chosen again; ``checked`` is the hash of the answers that are shown, empty without all of
    them; ``savable``: nothing is wrong with what was typed.
    """

    programme: str
    programme_path: str
    path: str
    title: str
    corrects: int | None
    fields: Mapping[str, Field]
    audiences: tuple[Choice, ...]
    groups: tuple[Choice, ...]
    licences: tuple[Choice, ...]
    units: tuple[Choice, ...]
    ups: tuple[Choice, ...]
    publish: bool
    places: tuple[PlaceForm, ...]
    may_add: bool
    file: StoredFile | None
    model: ModelView | None
    problems: tuple[Problem, ...]
    checked: str
    savable: bool
    fails: bool
    aid: str


@dataclass(frozen=True)
class RegisteredPage:
    """What was saved, and where to go from here."""

    title: str
    version: int
    published: bool
    verdict: str
    verdict_words: str
    programme: str
    programme_path: str
    edit_path: str
    new_path: str
    public_path: str


class PageMaker:
    """Makes the form's page for one reader."""

    def __init__(self, desk: Desk, lang: str) -> None:
        self._desk = desk
        self._lang = lang

    def blank(self) -> RegistrationPage:
        """The empty form."""
        return self._page(_blank_form(), None, ())

    def page(self, examination: Examination, problems: Sequence[Problem]) -> RegistrationPage:
        """The form with what was typed, the answers, and the slug once everything else is well."""
        form = examination.form
        if not examination.problems:
            form = Form({**form.fields, "slug": [examination.draft.slug]})
        return self._page(form, examination, problems)

    def _page(self, form: Form, examination: Examination | None, problems: Sequence[Problem]) -> RegistrationPage:
        desk, lang = self._desk, self._lang
        errors = {problem.field: problem.sentence for problem in reversed(problems)}
        gate = examination.gate if examination else None
        places = tuple(self._place(form, examination, errors, key) for key in place_keys(form))
        return RegistrationPage(
            programme=localized(desk.programme.title, lang),
            programme_path=f"/admin/programmes/{desk.programme.slug}",
            path=path_of(desk),
            title=localized(desk.present.version.content["title"], lang) if desk.present else "",
            corrects=_corrects(form, desk.present),
            fields={name: self._field(form, errors, name) for name in LABELS if name not in _OF_A_PLACE},
            audiences=_choices(audiences(lang).items(), form.every("for_whom")),
            groups=self._groups(form),
            licences=self._licences(form),
            units=_choices(((unit, unit_words(unit, lang)) for unit in UNITS), [form.one("unit") or "m"]),
            ups=_choices(((up, up_words(up, lang)) for up in ("y", "z")), [form.one("up") or "y"]),
            publish=bool(form.one("publish")),
            places=places,
            may_add=len(places) < len(desk.sites),
            file=gate.file if gate else None,
            model=self._model(gate),
            problems=tuple(problems),
            checked=examination.checked if examination else "",
            savable=examination is not None and not examination.problems,
            fails=examination.fails if examination else False,
            aid=PLANNING_AID_EN if lang == "en" else PLANNING_AID_JA,
        )

    def _field(self, form: Form, errors: Mapping[str, str], name: str, value: str | None = None) -> Field:
        typed = form.one(name) if value is None else value
        return Field(name, label_of(name, self._lang), typed, errors.get(name, ""))

    def _place(
        self, form: Form, examination: Examination | None, errors: Mapping[str, str], key: str
    ) -> PlaceForm:
        values = _place_values(form, examination, key)
        answer = examination.places.get(key) if examination else None
        site = self._desk.sites.get(form.one(f"site-{key}"))
        return PlaceForm(
            key=key,
            title=localized(site.title, self._lang) if site else "",
            fields={name: self._field(form, errors, f"{name}-{key}", values[name]) for name in _OF_A_PLACE},
            sites=tuple(self._site(site, form.one(f"site-{key}")) for site in self._desk.sites.values()),
            answers=_place_answers(answer, examination, key, self._lang) if answer and examination else None,
        )

    def _site(self, site: Site, chosen: str) -> Choice:
        limits = translate(self._lang, "、").join(words.site_limits(site.rules, self._lang))
        return Choice(site.slug, localized(site.title, self._lang), site.slug == chosen, limits)

    def _groups(self, form: Form) -> tuple[Choice, ...]:
        named = {
            slug: f"{localized(workshop.title, self._lang)} {localized(group.title, self._lang)}"
            for slug, (workshop, group) in self._desk.groups.items()
        }
        return _choices(named.items(), [form.one("group")])

    def _licences(self, form: Form) -> tuple[Choice, ...]:
        """The usual ones, and the one that a corrected proposal already has."""
        present = self._desk.present
        known = dict.fromkeys((*LICENCES, *([present.version.content["licence"]] if present else ())))
        return _choices(((code, licence(code, self._lang)) for code in known), [form.one("licence")])

    def _model(self, gate: GateAnswer | None) -> ModelView | None:
        if gate is None or gate.model is None:
            return None
        facts = gate.model.facts
        return ModelView(words.size(facts.bounds_m, 1.0, self._lang), facts.triangles, gate.sentence)


def path_of(desk: Desk) -> str:
    """Where the form of a new proposal, or of the one being corrected, stands."""
    base = f"/admin/programmes/{desk.programme.slug}/proposals"
    return f"{base}/{desk.present.proposal.slug}/edit" if desk.present else f"{base}/new"


def _blank_form() -> Form:
    """The form of a new proposal."""
    return Form({"licence": ["CC0-1.0"], "place": ["0"], **_fresh("0")})


def filled_form(desk: Desk, present: Present) -> Form:
    """The form of a proposal as it is now."""
    content: Mapping[str, Any] = present.version.content
    groups = {group.id: slug for slug, (_, group) in desk.groups.items()}
    fields: dict[str, list[str]] = {
        f"{name}_{lang}": [content[name].get(lang, "")]
        for name in ("title", "summary", "alt")
        for lang in ("ja", "en")
    }
    fields |= {
        "for_whom": list(content["for_whom"]),
        "group": [groups.get(present.proposal.group_id, "")],
        "licence": [content["licence"]],
        "unit": [content.get("model_unit", "m")],
        "up": [content.get("model_up", "y")],
        "publish": ["yes"] if content["consent"].get("publish") else [],
        "model": [original_of(present.version)["sha256"]],
        "model_name": [original_of(present.version)["name"]],
        "slug": [present.proposal.slug],
        "corrects": [str(present.version.number)],
        "place": [str(key) for key in range(len(present.places))],
    }
    for key, (placement, site) in enumerate(present.places):
        values = (
            site.slug,
            placement.lon,
            placement.lat,
            placement.heading_deg,
            placement.base_m,
            placement.scale,
        )
        rest = placement.cost_yen, placement.mass_kg, placement.days
        typed = ["" if value is None else _plain(value) for value in (*values, *rest)]
        fields |= {f"{name}-{key}": [value] for name, value in zip(_OF_A_PLACE, typed, strict=True)}
    return Form(fields)


def _plain(value: str | float) -> str:
    """A value as a person would type it: 1, not 1.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def rearranged(form: Form, action: str) -> Form:
    """The form after one of its small buttons: a place more, a place less, a place back in its middle."""
    verb, _, key = action.partition("-")
    fields = {name: list(values) for name, values in form.fields.items()}
    keys = place_keys(form)
    if verb == "add":
        fresh = next(str(n) for n in range(100) if str(n) not in keys)
        return Form({**fields, "place": [*keys, fresh], **_fresh(fresh)})
    if verb == "remove":
        return Form({**fields, "place": [kept for kept in keys if kept != key] or keys})
    return Form({**fields, f"lon-{key}": [""], f"lat-{key}": [""]})


def _fresh(key: str) -> dict[str, list[str]]:
    return {f"{name}-{key}": [_FRESH_PLACE.get(name, "")] for name in _OF_A_PLACE}


def _corrects(form: Form, present: Present | None) -> int | None:
    """The version that the person looked at, also when there is a newer one by now."""
    if present is None:
        return None
    seen = form.one("corrects")
    return int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else present.version.number


def _choices(named: Iterable[tuple[str, str]], chosen: Iterable[str]) -> tuple[Choice, ...]:
    picked = set(chosen)
    return tuple(Choice(value, shown, value in picked) for value, shown in named)


def _place_values(form: Form, examination: Examination | None, key: str) -> dict[str, str]:
    """What was typed; an empty position is shown as the middle that stands for it."""
    values = {name: form.one(f"{name}-{key}") for name in _OF_A_PLACE}
    drafts = {place.key: place for place in examination.draft.places} if examination else {}
    placement = drafts[key].placement if key in drafts else None
    if placement is not None and not values["lon"].strip() and not values["lat"].strip():
        values |= {"lon": str(placement.lon), "lat": str(placement.lat)}
    return values


def _place_answers(answer: PlaceAnswer, examination: Examination, key: str, lang: str) -> PlaceAnswers:
    report = answer.report
    [placement] = [place.placement for place in examination.draft.places if place.key == key]
    return PlaceAnswers(
        plan=answer.plan,
        verdict=report.verdict,
        verdict_words=words.verdict(report.verdict, lang),
        heading=words.direction(placement.heading_deg, lang) if placement else "",
        checks=tuple(check_line(check, lang) for check in report.as_json()["checks"]),
    )
