"""Bring a database to the schema of this release, or say how far off it is."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine

from civic.kernel.db.engine import listen_sqlite, sync_url
from civic.kernel.errors import StartRefused


def upgrade(url: str) -> None:
    """Apply every missing migration in one transaction each; nothing happens when there is none."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    finally:
        engine.dispose()


def revisions(url: str) -> tuple[str | None, str | None]:
    """The revision of the database and the one of this release."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            present = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return present, ScriptDirectory.from_config(_config()).get_current_head()


def require_current(url: str) -> None:
    """StartRefused unless the database has exactly the schema of this release."""
    present, wanted = revisions(url)
    if present != wanted:
        raise StartRefused(
            "schema_not_current",
            "データベースの版 {present} が、この版 {wanted} と違います。"
            "civic db upgrade を実行してから、もう一度始めてください。",
            present=present or "-",
            wanted=wanted,
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "civic:migrations")
    return config


def _engine(url: str) -> Engine:
    engine = create_engine(sync_url(url))
    if engine.dialect.name == "sqlite":
        listen_sqlite(engine, "begin immediate")
    return engine
