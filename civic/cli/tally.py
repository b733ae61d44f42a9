"""``civic tally``: count the votes of a file, without a database."""

from pathlib import Path
from typing import Annotated

import typer

from civic.cli.output import print_json, say
from civic.tallies.methods.files import tally_file
from civic.tallies.methods.registry import METHODS
from civic.tallies.methods.types import TallyInputError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

# What a user types for equal shares, and whether the shares are raised.
EQUAL_SHARES = {"mes": False, "mes_add1": True}
NAMES = tuple(dict.fromkeys([*METHODS, *EQUAL_SHARES]))


@app.command("tally")
def tally(
    path: Annotated[
        Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="FILE.json or FILE.pb")
    ],
    method: Annotated[str, typer.Option("--method", help=", ".join(NAMES))],
    then_greedy: Annotated[bool, typer.Option("--then-greedy", help="mes: spend the rest by votes")] = False,
    utility: Annotated[str | None, typer.Option("--utility", help="mes: cost, cardinality")] = None,
    increment: Annotated[
        int | None, typer.Option("--increment", min=1, help="mes_add1: how much to raise each share by")
    ] = None,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="mes_add1: raise until the budget would be overspent")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """ファイルの票を数えます / count the votes of a JSON case or a Pabulib election."""
    if method not in NAMES:
        raise typer.BadParameter(f"one of {', '.join(NAMES)}", param_hint="--method")
    typed = {
        "--then-greedy": then_greedy,
        "--utility": utility,
        "--increment": increment,
        "--keep-going": keep_going,
    }
    _refuse_options_of_others(method, [name for name, value in typed.items() if value])
    options: dict[str, object] = {}
    if method in EQUAL_SHARES:
        options = {
            "utility": utility or "cost",
            "increment": (increment or "auto") if EQUAL_SHARES[method] else 0,
            "stop": "overspend" if keep_going else "exhausted",
            "completion": "greedy" if then_greedy else "none",
        }
    _count(path, method, options, as_json)


def _count(path: Path, method: str, options: dict[str, object], as_json: bool) -> None:
    try:
        report = tally_file(path, "mes" if method in EQUAL_SHARES else method, options) | {"method": method}
    except TallyInputError as error:
        say(error.message_ja)
        say(error.message_en)
        raise typer.Exit(1) from None
    if as_json:
        print_json(report)
        return
    for proposal in report["selected"]:
        typer.echo(proposal)


def _refuse_options_of_others(method: str, typed: list[str]) -> None:
    """An option that would be ignored is a mistake in the command."""
    allowed: tuple[str, ...] = ()
    if method in EQUAL_SHARES:
        allowed = ("--then-greedy", "--utility")
    if EQUAL_SHARES.get(method):
        allowed = (*allowed, "--increment", "--keep-going")
    for name in typed:
        if name not in allowed:
            raise typer.BadParameter(f"not with --method {method}", param_hint=name)
