"""``civic model``: the gate that every 3D model passes."""

from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from civic.cli.output import print_json
from civic.cli.running import settings_or_exit
from civic.proposals.gate import admit
from geodata.ingest.errors import ModelRejected
from geodata.ingest.formats.units import UNITS, Units
from geodata.pictures import draw_all
from geodata.scene import build_alone

FILE_NAME = "model.glb"
PICTURES = ("people", "overview")

app = typer.Typer(help="3D モデル / 3D models", no_args_is_help=True)


@app.callback()
def group() -> None:
    """3D モデル / 3D models."""


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
    unit: Annotated[
        Literal["m", "cm", "mm", "in", "ft"], typer.Option(help="what the numbers of an OBJ, STL or PLY mean")
    ] = "m",
    up: Annotated[Literal["y", "z"], typer.Option(help="which of its axes points up")] = "y",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="write the canonical GLB there, and pictures")
    ] = None,
) -> None:
    """モデルが使えるか調べます / check a model; exit 1 when it is refused."""
    limits = settings_or_exit().gate_limits
    try:
        model = admit(path.read_bytes(), path.name, Units(UNITS[unit], up), limits)
    except ModelRejected as refusal:
        _say(refusal.as_json(), as_json)
        raise typer.Exit(1) from None
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        (out / FILE_NAME).write_bytes(model.canonical)
        for name, picture in draw_all(build_alone(model.canonical), PICTURES).items():
            (out / f"{name}.jpg").write_bytes(picture.wide)
    _say(model.as_json(), as_json)


def _say(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        print_json(answer)
        return
    typer.echo(f"{answer['verdict']} [{answer['code']}]")
    typer.echo(answer["message_ja"])
    typer.echo(answer["message_en"])
    for name, value in answer["facts"].items():
        typer.echo(f"  {name}: {value}")
