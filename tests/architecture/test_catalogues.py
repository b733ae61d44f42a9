"""Every sentence that the code says has its English, and the catalogue holds nothing else."""

from __future__ import annotations

import pytest
from support.sentences import catalogue_of, entries, places, sentences, texts_in_code


@pytest.fixture(scope="module")
def english():
    return catalogue_of("en")


def test_every_sentence_has_its_english(english):
    translated = {message.id for message in entries(english) if message.string}
    missing = {where[0]: text for text, where in sentences().items() if text not in translated}
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
    assert any(where.startswith("webhooks/line/messages/") for where in found["あったらいいな"])
    assert len(found) > 50


def test_english_is_not_japanese(english):
    """An English text may quote a Japanese word of the service; it is not the Japanese sentence itself."""
    assert [message.id for message in entries(english) if message.string == message.id] == []
