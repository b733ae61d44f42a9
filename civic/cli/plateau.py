"""``civic plateau``: the buildings of the city, from PLATEAU's open data."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from civic.buildings.actions import Counts, record_import, save_buildings
from civic.buildings.standing import Surveyed
from civic.cli.output import print_json, say, tell
from civic.cli.running import ACTOR, with_context
from civic.kernel.context import Context
from civic.kernel.queue import defer
from civic.programmes.queries import all_programmes
from civic.proposals.actions import CHECK
from geodata.plateau.errors import FileRefused
from geodata.plateau.files import Read, read_file
from geodata.plateau.records import BuildingRecord, RejectedBuilding

app = typer.Typer(help="PLATEAU の建物 / PLATEAU's buildings", no_args_is_help=True)

BATCH = 500
"""Buildings a write transaction: it lasts well under a second, so others may write between two."""

SHOWN_REJECTIONS = 20


@app.callback()
def group() -> None:
    """PLATEAU の建物 / PLATEAU's buildings."""


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)],
    year: Annotated[
        int | None,
        typer.Option("--year", min=2000, max=2100, help="the year the data is of, if not the one in the name"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """建物を取り込みます。何度でもできます / import buildings; again is harmless; exit 1 on a refused file."""
    imports = with_context(lambda context: _import_all(context, files, year))
    if as_json:
        print_json({"files": [done.as_json() for done in imports]})
    if any(done.refused for done in imports):
        raise typer.Exit(1)


@dataclass
class FileImport:
    """What became of one file."""

    file: Path
    counts: Counts = field(default_factory=Counts)
    refused: FileRefused | None = None

    def as_json(self) -> dict[str, Any]:
        """The counts under the file's name; ``refused`` is the code, or null."""
        return {
            "file": str(self.file),
            **asdict(self.counts),
            "refused": self.refused.code if self.refused else None,
        }


async def _import_all(context: Context, files: list[Path], year: int | None) -> list[FileImport]:
    imports = []
    for file in files:
        done = FileImport(file)
        await _import(context, done, year)
        _report(done)
        imports.append(done)
    if any(done.counts.imported + done.counts.updated for done in imports):
        await _check_again(context)
    return imports


async def _check_again(context: Context) -> None:
    """Have the worker check every placement again: buildings stand near some of them now."""
    async with context.database.writing() as session:
        for programme in await all_programmes(session):
            defer(session, CHECK, {"programme": programme.id}, context.clock())


async def _import(context: Context, done: FileImport, year: int | None) -> None:
    """Import batch by batch: a batch is counted when it is committed, whatever comes after it."""
    reads = _reads(done)
    while batch := list(islice(reads, BATCH)):
        surveyed = list(_usable(batch, done, year))
        async with context.database.writing() as session:
            saved = await save_buildings(session, surveyed, context.clock())
        done.counts.add(saved)
    async with context.database.writing() as session:
        record_import(session, ACTOR, done.file.name, done.counts, context.clock())


def _reads(done: FileImport) -> Iterator[Read]:
    """The file's buildings as far as it can be read."""
    try:
        yield from read_file(done.file)
    except FileRefused as refused:
        done.refused = refused


def _usable(batch: list[Read], done: FileImport, year: int | None) -> Iterator[Surveyed]:
    for building, survey in batch:
        if isinstance(building, BuildingRecord):
            yield Surveyed(building, survey.mesh, year or survey.year)
        else:
            _tell_rejection(done, building)
            done.counts.rejected += 1


def _tell_rejection(done: FileImport, building: RejectedBuilding) -> None:
    if done.counts.rejected < SHOWN_REJECTIONS:
        name = building.source_id or "-"
        say(f"{done.file.name} {name}: {building.message_ja} / {building.message_en} [{building.code}]")


def _report(done: FileImport) -> None:
    tell(
        "{file}：新しい建物 {imported}、更新 {updated}、変更なし {unchanged}、使えない建物 {rejected}。",
        file=done.file.name,
        **asdict(done.counts),
    )
    if done.counts.recovered:
        tell(
            "{file}：新しい建物のうち {recovered} は、ファイルの壊れた所から読みました。",
            file=done.file.name,
            recovered=done.counts.recovered,
        )
    if done.refused:
        say(f"{done.file.name}: {done.refused.message_ja}")
        say(f"{done.file.name}: {done.refused.message_en} [{done.refused.code}]")
