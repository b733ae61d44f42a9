"""``civic recount``: the database checked against the log."""

from typing import Annotated

import typer

from civic.cli.output import print_json, tell
from civic.cli.running import with_context
from civic.kernel.context import Context
from civic.tallies.queries import Recount, recount, require_published

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command("recount")
def recount_ballot(
    slug: str, as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False
) -> None:
    """記録から数え直し、集計と合うか確かめます / fold the log again and compare; exit 1 if anything differs."""

    async def work(context: Context) -> Recount:
        async with context.database.reading() as session:
            await require_published(session, slug)
            return await recount(session, slug)

    found = with_context(work)
    if as_json:
        print_json({"ballot": slug, **vars(found)})
    if not found.agrees:
        tell("数え直した結果が、保存された票や集計と合いません。記録を調べてください。")
        raise typer.Exit(1)
    tell("数え直した結果は集計と合いました（投票者 {voters} 人）。", voters=found.voters)
