"""``civic tally``: count the votes of a file, without a database."""

from pathlib import Path
from typing import Annotated

import typer

from civic.cli.output import print_json, say
from civic.tallies.methods.files import tally_file
from civic.tallies.methods.registry import METHODS
from civic.tallies.methods.types import TallyInputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command("tally")
def tally(
    path: Annotated[Path, typer.Argument(metavar="FILE.json", exists=True, dir_okay=False)],
    method: Annotated[str, typer.Option("--method", help="site_winner, greedy")],
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """ファイルの票を数えます / count the votes of a JSON case."""
    if method not in METHODS:
        raise typer.BadParameter(f"one of {', '.join(METHODS)}", param_hint="--method")
    try:
        report = tally_file(path, method)
    except TallyInputError as error:
        say(error.message_ja)
        say(error.message_en)
        raise typer.Exit(1) from None
    if as_json:
        print_json(report)
        return
    for proposal in report["selected"]:
        typer.echo(proposal)
