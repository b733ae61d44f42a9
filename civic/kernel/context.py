"""What every entry point is given: settings, database, secrets, files and the clock, opened once a process."""

from dataclasses import dataclass

from civic.kernel import clock as system_clock
from civic.kernel.clock import Clock
from civic.kernel.db import Database, open_database
from civic.kernel.security import BallotKeys, Vault, open_vault
from civic.kernel.settings import Settings
from civic.kernel.storage import FileStore


@dataclass(frozen=True)
class Context:
    """The opened parts of one installation."""

    settings: Settings
    database: Database
    vault: Vault
    keys: BallotKeys
    store: FileStore
    clock: Clock


def open_context(settings: Settings, clock: Clock = system_clock.now) -> Context:
    """Open everything that the settings name; nothing is read or written yet but the secret."""
    return Context(
        settings=settings,
        database=open_database(settings.resolved_database_url),
        vault=open_vault(settings),
        keys=BallotKeys(settings.resolved_keys_dir),
        store=FileStore(settings.data_dir / "files"),
        clock=clock,
    )
