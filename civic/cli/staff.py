"""``civic staff``: invite, list and remove the people who work here."""

from collections.abc import Sequence
from typing import Annotated

import typer

from civic.cli.output import print_json, tell
from civic.cli.running import ACTOR, with_context
from civic.kernel.clock import JST, iso
from civic.kernel.context import Context
from civic.staff.actions import Invitation, invite_staff, remove_staff
from civic.staff.queries import Present, present_staff
from civic.staff.rules import ROLES

app = typer.Typer(help="職員 / staff accounts", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]


@app.command("invite")
def invite(
    name: str,
    role: Annotated[str, typer.Option("--role", metavar="|".join(ROLES), help="what the person may do")],
    as_json: AsJson = False,
) -> None:
    """一度だけ使えるサインインのリンクを作ります / make a one-time sign-in link, and the account if it is new."""
    if role not in ROLES:
        raise typer.BadParameter(f"{role}: {', '.join(ROLES)}", param_hint="--role")

    async def work(context: Context) -> tuple[Invitation, str]:
        async with context.database.writing() as session:
            invitation = await invite_staff(session, ACTOR, name, role, context.clock())
        return invitation, f"{context.settings.base_url}{invitation.path}"

    invitation, link = with_context(work)
    until = f"{invitation.expires_at.astimezone(JST):%Y-%m-%d %H:%M}"
    if as_json:
        expires_at = iso(invitation.expires_at)
        print_json({"name": invitation.name, "role": invitation.role, "link": link, "expires_at": expires_at})
    else:
        typer.echo(link)
    tell(
        "このリンクを {name} さんだけに渡してください。{until}（日本時間）まで、一度だけ使えます。",
        name=invitation.name,
        until=until,
    )


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """職員の一覧を見せます / list the accounts in use."""

    async def work(context: Context) -> Sequence[Present]:
        async with context.database.reading() as session:
            return await present_staff(session, context.clock())

    people = with_context(work)
    if as_json:
        print_json({"staff": [_as_json(person) for person in people]})
        return
    if not people:
        tell("職員はまだいません。civic staff invite 名前 --role owner で、はじめの管理者を招いてください。")
    for person in people:
        typer.echo(f"{person.account.role:<12} {person.account.name}")


@app.command("remove")
def remove(name: str) -> None:
    """職員のアクセスを終えます。サインインもリンクもすぐに切れます / end an account and all its sessions."""

    async def work(context: Context) -> None:
        async with context.database.writing() as session:
            await remove_staff(session, ACTOR, name, context.clock())

    with_context(work)
    tell("{name} さんのアクセスを終えました。", name=name)


def _as_json(person: Present) -> dict[str, object]:
    return {
        "name": person.account.name,
        "role": person.account.role,
        "signed_in": person.signed_in,
        "link_until": iso(person.link_until) if person.link_until else None,
    }
