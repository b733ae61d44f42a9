"""``python -m civic.cli`` is ``civic``."""

from civic.cli import app

app()
