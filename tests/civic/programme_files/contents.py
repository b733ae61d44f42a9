"""Everything a database holds, as one comparable value."""

from civic.kernel.context import Context
from civic.schema import metadata


async def everything(context: Context, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """The rows of every table as text, in the order of their text; without the tables named in ``but``."""
    found = {}
    async with context.database.reading() as session:
        connection = await session.connection()
        for table in metadata.sorted_tables:
            if table.name not in but:
                rows = (await connection.execute(table.select())).all()
                found[table.name] = sorted(repr(tuple(row)) for row in rows)
    return found
