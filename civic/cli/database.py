"""``civic db``: the schema."""

import typer

from civic.cli.output import tell
from civic.cli.running import guarded, settings_or_exit
from civic.kernel.db.migrate import require_current, upgrade

app = typer.Typer(help="データベースの版 / the database schema", no_args_is_help=True)


@app.command("upgrade")
def upgrade_schema() -> None:
    """データベースをこの版の形にします / bring the database to this release."""
    settings = settings_or_exit()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    guarded(lambda: upgrade(settings.resolved_database_url))
    tell("データベースは最新です。")


@app.command("check")
def check_schema() -> None:
    """データベースがこの版の形か確かめます / exit 1 unless the database fits this release."""
    settings = settings_or_exit()
    guarded(lambda: require_current(settings.resolved_database_url))
    tell("データベースは最新です。")
