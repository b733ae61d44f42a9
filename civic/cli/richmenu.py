"""``civic richmenu``: the menu below the chat in LINE."""

from typing import Annotated

import typer

from civic.cli.output import print_json, tell
from civic.cli.running import with_context
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from webhooks.line.channel import open_client
from webhooks.line.richmenu.publishing import Situation, look, publish

app = typer.Typer(help="LINE のリッチメニュー / the menu below the chat", no_args_is_help=True)


@app.callback()
def richmenu() -> None:
    """LINE のリッチメニュー / the menu below the chat in LINE."""


@app.command("publish")
def publish_menus(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only say what would be done")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False,
) -> None:
    """メニューを LINE に登録します / let LINE have the menus as they are now; nothing is done twice."""

    async def work(context: Context) -> Situation:
        client = open_client(context)
        if client is None:
            raise Conflict(
                "line_token_missing",
                "CIVIC_LINE_CHANNEL_ACCESS_TOKEN が設定されていません。設定してから、もう一度実行してください。",
            )
        try:
            return await look(client) if dry_run else await publish(context.database, client)
        finally:
            await client.close()

    before = with_context(work)
    if as_json:
        print_json({"created": before.missing, "removed": sorted(before.outdated), "dry_run": dry_run})
    counts = {"created": len(before.missing), "removed": len(before.outdated)}
    if dry_run:
        tell(
            "新しく登録するメニュー {created} 個、削除する古いメニュー {removed} 個。まだ何もしていません。",
            **counts,
        )
    else:
        tell("メニューを {created} 個登録し、古いメニューを {removed} 個削除しました。", **counts)
