"""What every test may use. The fixtures and hooks live in ``tests/support``, one file a subject."""

pytest_plugins = ["support.postgres", "support.report", "support.browser"]
