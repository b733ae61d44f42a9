"""What every test may use. The fixtures and hooks live in ``tests/support``, one file a subject."""

import os

import hypothesis

pytest_plugins = [
    "support.postgres",
    "support.databases",
    "support.demos",
    "support.garbage",
    "support.ordering",
    "support.report",
    "support.browser",
]

# `make proof` names this folder, and only then it is collected: storms and kills take their time.
collect_ignore = ["proof"]

# A property is no stopwatch: on a busy machine one slow example says nothing about the law. Each run looks at
# other examples, so that a few are enough for one of them; FULL=1 looks at many.
EXAMPLES = 40 if os.environ.get("FULL", "0") in {"", "0"} else 400
hypothesis.settings.register_profile("laws", deadline=None, max_examples=EXAMPLES)
hypothesis.settings.load_profile("laws")

# For counting mutants: each is killed or not, always by the same examples, and nobody reads which example it was.
hypothesis.settings.register_profile(
    "mutation",
    deadline=None,
    max_examples=30,
    derandomize=True,
    database=None,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)
