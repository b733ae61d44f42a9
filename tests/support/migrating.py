"""Going to one revision of the schema and back, to see what becomes of the rows that are there."""

import sqlalchemy as sa
from alembic.config import Config


def migrate(engine: sa.Engine, way, revision: str) -> None:
    """Go to a revision by ``alembic.command.upgrade`` or ``downgrade``."""
    config = Config()
    config.set_main_option("script_location", "civic:migrations")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        way(config, revision)
        connection.commit()
