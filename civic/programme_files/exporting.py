"""The database back into a programme file and its folder.

Where nothing has changed since the load, the very bytes that were loaded come back, comments and all; otherwise
the file is written anew in the order of the format.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from civic.ballots.queries import ballots_of
from civic.kernel.storage import FileStore
from civic.programme_files.format import ProgrammeFile, written_time
from civic.programme_files.reading import parse_document, with_tuples
from civic.programmes.queries import programme_by_slug, sites_of, stages_of
from civic.programmes.tables import Programme
from civic.proposals.queries import latest_version, original_of, placements_of, proposals_of
from civic.workshops.queries import group_slugs, groups_of, workshops_of

FILE_NAME = "programme.yaml"


async def export_programme(session: AsyncSession, slug: str, store: FileStore) -> dict[str, bytes]:
    """The files of a programme by name: ``programme.yaml``, its GeoJSON and its models."""
    programme = await programme_by_slug(session, slug)
    files: dict[str, bytes] = {}
    content = await _content(session, programme, store, files)
    source = store.get(programme.source)
    unchanged = parse_document(Path(FILE_NAME), source).content == content
    return {FILE_NAME: source if unchanged else written(content), **files}


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the files of an export into a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def written(content: ProgrammeFile) -> bytes:
    """A programme file in the format's own order."""
    text = yaml.safe_dump(_plain(content), allow_unicode=True, sort_keys=False, width=100)
    return text.encode()


async def _content(
    session: AsyncSession, programme: Programme, store: FileStore, files: dict[str, bytes]
) -> ProgrammeFile:
    number = programme.id or 0
    area = _take(programme.files["area"], store, files)
    document = {
        "programme": {"slug": programme.slug, "title": programme.title, "area": area},
        "stages": [
            {"kind": s.kind, "opens_at": written_time(s.opens_at), "closes_at": written_time(s.closes_at)}
            for s in await stages_of(session, number)
        ],
        "sites": await _sites(session, number, store, files),
        "workshops": await _workshops(session, number),
        "proposals": await _proposals(session, number, store, files),
        "ballots": await _ballots(session, number),
    }
    return ProgrammeFile.model_validate(with_tuples(document))


async def _sites(
    session: AsyncSession, number: int, store: FileStore, files: dict[str, bytes]
) -> list[dict[str, Any]]:
    return [
        {
            "slug": site.slug,
            "title": site.title,
            "level": site.level,
            "boundary": _take(site.files["boundary"], store, files),
            "ground_m": site.ground_m,
            "manager": site.manager,
            "land_type": site.land_type,
            "special_regime": site.special_regime,
            "rules": site.rules,
            "layers": {name: _take(file, store, files) for name, file in site.files["layers"].items()},
        }
        for site in await sites_of(session, number)
    ]


async def _workshops(session: AsyncSession, number: int) -> list[dict[str, Any]]:
    return [
        {
            "slug": workshop.slug,
            "date": workshop.day.isoformat(),
            "title": workshop.title,
            "groups": [{"slug": g.slug, "title": g.title} for g in await groups_of(session, workshop.id or 0)],
        }
        for workshop in await workshops_of(session, number)
    ]


async def _proposals(
    session: AsyncSession, number: int, store: FileStore, files: dict[str, bytes]
) -> list[dict[str, Any]]:
    groups = await group_slugs(session, number)
    found = []
    for proposal in await proposals_of(session, number):
        version = await latest_version(session, proposal.id)
        content = dict(version.content)
        files[content["model"]] = store.get(original_of(version)["sha256"])
        content.pop("original", None)
        group = {} if proposal.group_id is None else {"group": groups[proposal.group_id]}
        placements = [
            {
                "site": site.slug,
                "lon": p.lon,
                "lat": p.lat,
                "heading_deg": p.heading_deg,
                "base_m": p.base_m,
                "scale": p.scale,
                "cost_yen": p.cost_yen,
                "mass_kg": p.mass_kg,
                "days": p.days,
            }
            for p, site in await placements_of(session, version.id)
        ]
        found.append({"slug": proposal.slug, **group, **content, "placements": placements})
    return found


async def _ballots(session: AsyncSession, number: int) -> list[dict[str, Any]]:
    """As they were planned: a ballot opened or closed by hand still loads as the one it is."""
    return [dict(ballot.plan) for ballot in await ballots_of(session, number)]


def _take(file: Mapping[str, str], store: FileStore, files: dict[str, bytes]) -> str:
    files[file["name"]] = store.get(file["sha256"])
    return file["name"]


def _plain(value: Any) -> Any:
    """A part as plain YAML data; keys that are empty by default are left out."""
    if isinstance(value, BaseModel):
        fields = {name: _plain(getattr(value, name)) for name in type(value).model_fields}
        return {name: item for name, item in fields.items() if item not in (None, {}, [])}
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "tzinfo"):
        return written_time(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
