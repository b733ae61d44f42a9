"""``civic doctor``: what is here, what is missing, and how to get it."""

import shutil
import sys
from pathlib import Path

import typer

from civic.cli.output import tell
from civic.cli.running import guarded, settings_or_exit
from civic.kernel.db.migrate import revisions
from civic.kernel.settings import Settings, check_production

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def doctor() -> None:
    """この機械と設定を調べます / what is here, what is missing, and how to get it."""
    settings = settings_or_exit()
    if settings.is_sqlite:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    present, wanted = guarded(lambda: revisions(settings.resolved_database_url))
    rows = [
        ("Python", sys.version.split()[0], True),
        ("CIVIC_MODE", settings.mode, True),
        ("database", "SQLite" if settings.is_sqlite else "PostgreSQL", True),
        ("schema", f"{present or '-'} (wanted {wanted})", present == wanted),
        ("CIVIC_BASE_URL", settings.base_url, True),
        ("CIVIC_SECRET_KEY", *_secret(settings, settings.secret_key)),
        ("CIVIC_LINE_CHANNEL_SECRET", *_secret(settings, settings.line_channel_secret)),
        ("CIVIC_LINE_CHANNEL_ACCESS_TOKEN", *_secret(settings, settings.line_channel_access_token)),
        ("keys", str(settings.resolved_keys_dir), True),
        ("disk", f"{shutil.disk_usage(_existing(settings.data_dir)).free // 2**20} MB free", True),
    ]
    for name, found, fine in rows:
        typer.echo(f"{'ok ' if fine else 'NO '} {name:<34} {found}")
    if not all(fine for _, _, fine in rows):
        tell("「NO」の行を直してください。データベースの版は civic db upgrade で合わせられます。")
        raise typer.Exit(1)
    guarded(lambda: check_production(settings))


def _secret(settings: Settings, secret: object) -> tuple[str, bool]:
    """Whether a secret is set; only production cannot do without."""
    return ("set", True) if secret else ("-", settings.mode != "production")


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else _existing(folder.absolute().parent)
