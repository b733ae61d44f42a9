"""``civic tally`` counts a file; ``civic recount`` checks the database against the log."""

from pathlib import Path
from typing import Annotated

import typer

from civic.cli.running import print_json, say, tell, with_context
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.tallies.methods.files import tally_file
from civic.tallies.methods.registry import METHODS
from civic.tallies.methods.types import TallyInputError
from civic.tallies.queries import Recount, published_tally, recount


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


def recount_ballot(
    slug: str, as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False
) -> None:
    """記録から数え直し、集計と合うか確かめます / fold the log again and compare; exit 1 if anything differs."""

    async def work(context: Context) -> Recount:
        async with context.database.reading() as session:
            if await published_tally(session, slug) is None:
                raise Conflict(
                    "not_counted_yet",
                    "投票「{ballot}」はまだ確定していません。確定後に数え直せます。",
                    ballot=slug,
                )
            return await recount(session, slug)

    found = with_context(work)
    if as_json:
        print_json({"ballot": slug, **vars(found)})
    if not found.agrees:
        tell("数え直した結果が、保存された票や集計と合いません。記録を調べてください。")
        raise typer.Exit(1)
    tell("数え直した結果は集計と合いました（投票者 {voters} 人）。", voters=found.voters)
