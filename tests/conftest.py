"""What every test may use. The fixtures and hooks live in ``tests/support``, one file a subject."""

import hypothesis

pytest_plugins = ["support.postgres", "support.report", "support.browser"]

# A property is no stopwatch: on a busy machine one slow example says nothing about the law.
hypothesis.settings.register_profile("no-deadline", deadline=None)
hypothesis.settings.load_profile("no-deadline")
