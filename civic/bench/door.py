"""The application without the worker inside: what taking a vote costs, apart from the receipt made later."""

from civic.kernel.context import open_context
from civic.kernel.settings import Settings
from civic.main import build_app, settle

app = settle(build_app(open_context(Settings()), with_worker=False))
