"""Whatever is shown, LINE accepts it: by its specification, by its documented limits, by its own SDK."""

import json
import warnings
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from civic.kernel.i18n import LANGUAGES
from tests.webhooks.line.messages.samples import (
    FAMILY,
    LONG_URL,
    OPTION_COUNTS,
    TITLES,
    ballot,
    card,
    every_message,
    every_page,
    texts,
    votes,
)
from tests.webhooks.line.openapi import validator
from webhooks.line.messages import ballot_announcement, check_messages, my_votes

ANY_TITLE = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


def assert_sendable(messages):
    check_messages(messages)
    validator("ReplyMessageRequest").validate({"replyToken": "token", "messages": messages})


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("options", OPTION_COUNTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_builder_makes_messages_that_line_accepts(lang, options, title):
    for messages in every_message(ballot(options, title, most=min(options, 61)), lang):
        assert_sendable(messages)


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(max_examples=40)
@given(title=ANY_TITLE)
def test_any_title_is_accepted(lang, title):
    for messages in every_message(ballot(13, title), lang):
        assert_sendable(messages)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_longest_addresses_are_accepted_in_smaller_carousels(lang):
    cards = tuple(card(number, TITLES["kanji"], LONG_URL) for number in range(61))
    view = ballot(cards=cards, url=LONG_URL)
    for messages in every_page(view, lang, 5):
        assert_sendable(messages)


@pytest.mark.parametrize("options", [13, 41, 61])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_the_longest_names_every_option_is_reached_in_every_language(lang, options):
    """Slugs of 64 characters are the longest there are; もっと見る leads from page to page."""
    cards = tuple(replace(card(n, FAMILY * 40), proposal=f"{n:064d}") for n in range(options))
    pages = every_page(ballot(cards=cards, slug="b" * 64), lang, 0)
    for messages in pages:
        assert_sendable(messages)
    assert [tap.proposal for page in pages for tap, _ in votes(page, "add")] == [c.proposal for c in cards]


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
def test_my_votes_fits_one_reply_however_many_there_are(title):
    view = ballot(300, title, most=300)
    chosen = tuple(c.proposal for c in view.cards)
    messages = my_votes(view, "ja", chosen, False, True)
    assert_sendable(messages)
    assert "ほかにも220個選んでいます。" in texts(messages)


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_announcement_can_be_multicast(lang, title):
    messages = ballot_announcement(ballot(title=title), lang)
    validator("MulticastRequest").validate({"to": ["U" + "0" * 32] * 500, "messages": messages})


@pytest.fixture(scope="module")
def reply_request():
    """The SDK's model of a reply; its import is slow and warns about its own dependencies."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from linebot.v3.messaging import ReplyMessageRequest
    return ReplyMessageRequest


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_sdk_reads_every_property(reply_request, lang, title):
    for messages in every_message(ballot(11, title), lang):
        request = {"replyToken": "token", "messages": messages}
        assert_within(json.loads(reply_request.from_dict(request).to_json()), request)


def assert_within(kept, sent):
    """``kept`` has all of ``sent``; the SDK adds defaults such as ``animated: false``."""
    if isinstance(sent, dict):
        for key, value in sent.items():
            assert_within(kept[key], value)
    elif isinstance(sent, list):
        assert len(kept) == len(sent)
        for one, other in zip(kept, sent, strict=True):
            assert_within(one, other)
    else:
        assert kept == sent
