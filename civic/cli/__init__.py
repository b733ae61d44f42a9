"""The command line: ``civic …``. One file a group; exit 0 done, 1 checked and refused or failed, 2 wrong use.

A command's file is imported only when that command is typed, so that a short command starts quickly: the web
framework, geometry and LINE take seconds to load together.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

FILES = {
    "demo": "demo",
    "serve": "serve",
    "worker": "worker",
    "doctor": "doctor",
    "db": "database",
    "programme": "programme",
    "ballot": "ballot",
    "recount": "recount",
    "tally": "tally",
    "model": "model",
    "placement": "placement",
    "plateau": "plateau",
    "staff": "staff",
    "secret": "secret",
    "richmenu": "richmenu",
    "bench": "bench",
}
"""Each command or group of commands, and the file of this folder that holds it as ``app``."""


class CommandFiles(TyperGroup):
    """A group whose commands stand in files of their own."""

    def list_commands(self, ctx: Any) -> list[str]:
        """All commands, in the order of the flow."""
        return list(FILES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name, imported now; None when there is none."""
        if cmd_name not in FILES:
            return None
        return typer.main.get_command(import_module(f"civic.cli.{FILES[cmd_name]}").app)


app = typer.Typer(
    name="civic",
    help="あったらいいな / Attara: from an idea for a public place to the real thing.",
    cls=CommandFiles,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)


@app.callback()
def civic() -> None:
    """あったらいいな / Attara: from an idea for a public place to the real thing."""
