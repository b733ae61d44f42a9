"""The sentences that the product says, found in its code and templates, and the catalogues that translate them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast
from support.source import ROOT, modules, relative, tree

from civic.kernel.errors import CivicError

TEMPLATES = ROOT / "frontend" / "templates"
OTHER_FUNCTIONS = {
    "tell": (1,),
    "marked": (1,),
    "problem": (2,),
    "Problem": (4,),
    "_unreadable": (3,),
    "_YamlRefused": (2,),
}
TEMPLATE_FUNCTIONS = ("_", "t", "translate")


def catalogue_of(lang: str) -> Catalog:
    """The translations of one language, as gettext reads them."""
    with (ROOT / "frontend" / "locale" / lang / "civic.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def entries(catalogue: Catalog) -> list[Message]:
    """Its messages, without the head of the file."""
    return [message for message in catalogue if message.id]


def places(text: str) -> set[str]:
    """The names of the values that a sentence has places for."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def sentences() -> dict[str, list[str]]:
    """Every Japanese sentence that is asked of a catalogue, and where each of its uses stands (``file:line``)."""
    found: dict[str, list[str]] = {}
    for where, message in (*_in_code(), *_in_templates()):
        found.setdefault(message, []).append(where)
    return found


def texts_in_code() -> set[str]:
    """Every string literal: a sentence may also wait in a table until it is looked up."""
    nodes = (node for path in modules() for node in ast.walk(tree(path)))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _refusals(kind: type[CivicError] = CivicError) -> Iterator[type[CivicError]]:
    """The error classes: their second argument is a sentence that is translated when it is shown."""
    for child in kind.__subclasses__():
        yield child
        yield from _refusals(child)


def _in_code() -> Iterator[tuple[str, str]]:
    import civic.main  # noqa: F401 - every error class of the product must be known before they are listed

    keywords = OTHER_FUNCTIONS | {"translate": (2,)} | {kind.__name__: (2,) for kind in _refusals()}
    for path in modules():
        with path.open("rb") as file:
            for line, message, _, _ in extract("python", file, keywords=keywords):
                yield f"{relative(path)}:{line}", str(message)


def _in_templates() -> Iterator[tuple[str, str]]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for path in sorted(TEMPLATES.rglob("*.html")):
        parsed = environment.parse(path.read_text(encoding="utf-8"))
        for line, _, found in extract_from_ast(parsed, TEMPLATE_FUNCTIONS):
            for message in found if isinstance(found, tuple) else (found,):
                if message:
                    yield f"{relative(path)}:{line}", message
