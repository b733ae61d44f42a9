"""``civic model``: the gate that every 3D model passes."""

from pathlib import Path
from typing import Annotated

import typer

from civic.cli.output import print_json
from geodata.ingest.glb import check_model

app = typer.Typer(help="3D モデル / 3D models", no_args_is_help=True)


@app.callback()
def group() -> None:
    """3D モデル / 3D models."""


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """モデルが使えるか調べます / check a GLB; exit 1 when it is refused."""
    verdict = check_model(path.read_bytes())
    if as_json:
        print_json(verdict)
    else:
        typer.echo(f"{verdict['verdict']} [{verdict['code']}]")
        typer.echo(verdict["message_ja"])
        typer.echo(verdict["message_en"])
        for name, value in verdict["facts"].items():
            typer.echo(f"  {name}: {value}")
    if verdict["verdict"] != "accept":
        raise typer.Exit(1)
