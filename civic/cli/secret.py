"""``civic secret``: change ``CIVIC_SECRET_KEY`` without losing anybody."""

from typing import Annotated

import typer

from civic.cli.output import print_json, tell
from civic.cli.running import with_context
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.residents.rotation import reseal_page

app = typer.Typer(help="CIVIC_SECRET_KEY の入れ替え / the secret key", no_args_is_help=True)

WAIT_DAYS = 7
"""Events that were put aside stay sealed with the earlier secret for as long as this."""


@app.callback()
def secret() -> None:
    """CIVIC_SECRET_KEY の入れ替え / the secret key."""


@app.command("rotate")
def rotate(as_json: Annotated[bool, typer.Option("--json", help="print one JSON object")] = False) -> None:
    """登録を新しいキーで暗号化し直します / seal all residents with the first secret of CIVIC_SECRET_KEY."""
    residents, changed = with_context(_rotate)
    if as_json:
        print_json({"residents": residents, "resealed": changed})
    tell(
        "{residents} 人のうち {changed} 人の登録を、新しいキーで暗号化し直しました。"
        "{days} 日たったら、CIVIC_SECRET_KEY から前のキーを外せます。",
        residents=residents,
        changed=changed,
        days=WAIT_DAYS,
    )


async def _rotate(context: Context) -> tuple[int, int]:
    """Page by page, each a short transaction beside a running server: how many residents, how many changed."""
    if not context.vault.is_rotating:
        raise Conflict(
            "secret_only_one",
            "CIVIC_SECRET_KEY にキーが一つしかありません。新しいキー、コンマ、いまのキーの順に書いて、"
            "すべてのプロセスを起動し直してから、もう一度実行してください。",
        )
    after, residents, changed = 0, 0, 0
    while True:
        async with context.database.writing(shown=False) as session:
            page = await reseal_page(session, context.vault, after)
        if page is None:
            return residents, changed
        after, residents, changed = page.last, residents + page.read, changed + page.changed
