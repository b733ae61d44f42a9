"""``civic bench``: how fast this is, next to the limit of the same machine in the same run."""

import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from civic.bench.measuring import Bench, CannotMeasure, Goal, Line, Report, WrongResult
from civic.bench.sections import SECTIONS
from civic.cli.output import print_json, say, tell

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def bench(
    only: Annotated[list[str] | None, typer.Option("--only", metavar="NAME", help=", ".join(SECTIONS))] = None,
    rounds: Annotated[int, typer.Option(min=1, help="how many rounds; the median counts")] = 5,
    scale: Annotated[float, typer.Option(min=0.01, max=1.0, help="part of the full sizes and times")] = 1.0,
    tolerance: Annotated[float, typer.Option(min=0.1, max=1.0, help="0.7 on a machine that others use too")] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """速さを測ります / measure it, next to the limit of the same machine."""
    names = only or list(SECTIONS)
    unknown = set(names) - set(SECTIONS)
    if unknown:
        raise typer.BadParameter(f"one of {', '.join(SECTIONS)}", param_hint="--only")
    found: dict[str, Any] = {}
    missed: list[str] = []
    for name in (section for section in SECTIONS if section in names):
        say(f"== {SECTIONS[name]}")
        begun = time.monotonic()
        report = _measured(name, rounds, scale)
        missed += [f"{name}: {goal.label}" for goal in report.goals if not goal.holds(tolerance)]
        found[name] = report.as_json(tolerance)
        if not as_json:
            _print(report, tolerance)
        say(f"   ({time.monotonic() - begun:.0f} s)")
    if as_json:
        print_json({"rounds": rounds, "scale": scale, "tolerance": tolerance, "sections": found})
    if missed:
        for goal in missed:
            say(f"NO  {goal}")
        tell("届かなかった目標があります。ほかの仕事が動いていない機械で、もう一度測ってください。")
        raise typer.Exit(1)


def _measured(name: str, rounds: int, scale: float) -> Report:
    """One section in a folder of its own; exit 1 when a run did not do its work, or could not begin."""
    with tempfile.TemporaryDirectory(prefix=f"civic-bench-{name}-") as folder:
        try:
            report: Report = import_module(f"civic.bench.sections.{name}").run(Bench(rounds, scale, Path(folder)))
        except WrongResult as wrong:
            tell("測定のあいだの結果が正しくありません: {what}", what=str(wrong))
            raise typer.Exit(1) from None
        except CannotMeasure as failed:
            tell("測定に必要なものが動きませんでした: {what}", what=str(failed))
            raise typer.Exit(1) from None
    return report


def _print(report: Report, tolerance: float) -> None:
    for line in report.lines:
        typer.echo(f"    {line.label:<58} {_numbers(line)}")
    for goal in report.goals:
        typer.echo(f"{'ok ' if goal.holds(tolerance) else 'NO '} {goal.label:<58} {_ratio(goal)}")
    for fact in report.checked:
        typer.echo(f"ok  {fact}")
    for note in report.notes:
        typer.echo(f"    {note}")


def _numbers(line: Line) -> str:
    values = line.series.values
    return f"{_short(line.series.median):>10} {line.unit:<10} ({_short(min(values))}–{_short(max(values))})"


def _ratio(goal: Goal) -> str:
    values = goal.series.values
    limit = f"{'≥' if goal.kind == 'at least' else '≤'} {goal.limit:g}"
    return f"{goal.series.median:>10.3g} {limit:<10} ({min(values):.3g}–{max(values):.3g})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
