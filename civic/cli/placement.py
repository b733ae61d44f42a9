"""``civic placement``: what the checks say about where a proposal would stand."""

from typing import Annotated, Any

import typer

from civic.cli.output import print_json
from civic.cli.running import with_context
from civic.installations.queries import standing_in
from civic.kernel.context import Context
from civic.programmes.queries import programme_by_slug
from civic.proposals.again import places_to_check
from civic.proposals.models import StoredModels
from civic.proposals.queries import proposal_by_slug
from civic.proposals.surroundings import Rivals

app = typer.Typer(help="配置 / placements", no_args_is_help=True)


@app.callback()
def group() -> None:
    """配置 / placements."""


@app.command("check")
def check(
    programme: str,
    proposal: str,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """提案の置き場所を調べます（計画の目安です） / check a proposal's placements; exit 1 when one fails."""
    placements = with_context(lambda context: _placements(context, programme, proposal))
    if as_json:
        print_json({"programme": programme, "proposal": proposal, "placements": placements})
    else:
        for placement in placements:
            typer.echo(f"{placement['site']}: {placement['verdict']}")
            for result in placement["checks"]:
                reason = f"{result['reason_ja']} / {result['reason_en']}"
                typer.echo(f"  {result['name']}: {result['verdict']} {reason}")
    if any(placement["verdict"] == "fail" for placement in placements):
        raise typer.Exit(1)


async def _placements(context: Context, programme: str, proposal: str) -> list[dict[str, Any]]:
    """Checked now, not as they are stored: later neighbours and buildings count."""
    async with context.database.reading() as session:
        found = await programme_by_slug(session, programme)
        number = found.id or 0
        await proposal_by_slug(session, number, proposal)
        standing = await standing_in(session, number)
        places = await places_to_check(session, number, standing, context.clock())
    rivals = Rivals(StoredModels(context.store, context.settings.gate_limits))
    mine = [place for place in places if place.proposal == proposal]
    return [{"site": place.site.slug, **place.check(rivals).as_json()} for place in mine]
