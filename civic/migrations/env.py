"""Alembic's entry: migrates through the connection that ``civic.cli.db`` hands over."""

from alembic import context
from sqlalchemy import Connection

from civic.schema import metadata


def migrate(connection: Connection) -> None:
    """Run the migrations in one transaction."""
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=connection.dialect.name == "sqlite"
    )
    with context.begin_transaction():
        context.run_migrations()


migrate(context.config.attributes["connection"])
