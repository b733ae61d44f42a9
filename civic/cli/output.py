"""What commands say: sentences on stderr in both languages, JSON on stdout."""

import sys
from typing import Any

import orjson

from civic.kernel.i18n import STAFF_LANGUAGES, translate


def tell(message: str, /, **values: object) -> None:
    """A sentence for the person at the terminal, Japanese first, then English; on stderr."""
    for language in STAFF_LANGUAGES:
        say(translate(language, message, **values))


def say(line: str) -> None:
    """One line on stderr."""
    sys.stderr.write(line + "\n")


def print_json(value: Any) -> None:
    """One JSON object on stdout."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode() + "\n")
