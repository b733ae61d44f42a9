"""Every sentence that the code says has its English, and the catalogue holds nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast
from support.source import ROOT, modules, relative, tree

from civic.kernel.errors import CivicError

CATALOGUE = ROOT / "frontend" / "locale" / "en" / "civic.po"
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


def refusals(kind: type[CivicError] = CivicError) -> Iterator[type[CivicError]]:
    """The error classes: their second argument is a sentence that is translated when it is shown."""
    for child in kind.__subclasses__():
        yield child
        yield from refusals(child)


def sentences_in_code() -> Iterator[tuple[str, str]]:
    import civic.main  # noqa: F401 - every error class of the product must be known before they are listed

    keywords = OTHER_FUNCTIONS | {"translate": (2,)} | {kind.__name__: (2,) for kind in refusals()}
    for path in modules():
        with path.open("rb") as file:
            for line, message, _, _ in extract("python", file, keywords=keywords):
                yield f"{relative(path)}:{line}", str(message)


def sentences_in_templates() -> Iterator[tuple[str, str]]:
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    for path in sorted(TEMPLATES.rglob("*.html")):
        parsed = environment.parse(path.read_text(encoding="utf-8"))
        for line, _, found in extract_from_ast(parsed, TEMPLATE_FUNCTIONS):
            for message in found if isinstance(found, tuple) else (found,):
                if message:
                    yield f"{relative(path)}:{line}", message


def sentences() -> dict[str, str]:
    """Every Japanese sentence that is asked of the catalogue, and where one of its uses stands."""
    return {message: where for where, message in (*sentences_in_code(), *sentences_in_templates())}


def texts_in_code() -> set[str]:
    """Every string literal: a sentence may also wait in a table until it is looked up."""
    nodes = (node for path in modules() for node in ast.walk(tree(path)))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_sentence_has_its_english(english):
    translated = {message.id for message in entries(english) if message.string}
    missing = {where: text for text, where in sentences().items() if text not in translated}
    assert missing == {}


def test_the_catalogue_holds_no_sentence_that_nobody_says(english):
    said = texts_in_code() | sentences().keys()
    assert [message.id for message in entries(english) if message.id not in said] == []
    assert list(english.obsolete) == []


def test_translations_have_the_places_of_their_sentences(english):
    wrong = {
        message.id: message.string for message in entries(english) if places(message.id) != places(message.string)
    }
    assert wrong == {}


def test_no_translation_is_a_guess(english):
    assert [message.id for message in entries(english) if message.fuzzy] == []


def test_the_extraction_finds_sentences_that_are_known_to_be_there():
    found = sentences()
    assert found["あったらいいな"].startswith("webhooks/line/messages/")
    assert len(found) > 50


def test_english_is_not_japanese(english):
    """An English text may quote a Japanese word of the service; it is not the Japanese sentence itself."""
    assert [message.id for message in entries(english) if message.string == message.id] == []
