"""One answer as it is, brotli and gzip: which of them a reader gets, and when none is sent again."""

import gzip

import brotli
import pytest

from civic.web.representations import BROTLI, GZIP, IDENTITY, Answer, finish, is_among

PAGE = Answer(
    200,
    [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", b"4000"), (b"vary", b"accept-language")],
    "水の広場".encode() * 400,
)
SHORT = Answer(200, [(b"content-type", b"application/json")], b"[]")


async def sent(representation, if_none_match=None, *, with_body=True):
    messages = []

    async def send(message):
        messages.append(message)

    await representation.send(send, if_none_match, with_body=with_body)
    start, body = messages
    return start["status"], dict(start["headers"]), body["body"]


def test_every_representation_is_the_same_content():
    finished = finish(PAGE).representations
    assert finished[IDENTITY].body == PAGE.body
    assert gzip.decompress(finished[GZIP].body) == PAGE.body
    assert brotli.decompress(finished[BROTLI].body) == PAGE.body


def test_the_same_content_has_the_same_tags_and_other_content_others():
    again, other = finish(PAGE), finish(Answer(200, PAGE.headers, PAGE.body + b"."))
    tags = {found.etag for found in finish(PAGE).representations.values()}
    assert len(tags) == 3, "strong tags of different bytes differ"
    assert tags == {found.etag for found in again.representations.values()}
    assert not tags & {found.etag for found in other.representations.values()}


def test_a_coding_that_saves_nothing_is_left_out():
    assert set(finish(SHORT).representations) == {IDENTITY}
    assert finish(SHORT).accepted(b"br, gzip").body == SHORT.body


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        (b"", IDENTITY),
        (b"identity", IDENTITY),
        (b"gzip, deflate, br, zstd", BROTLI),
        (b"gzip, deflate", GZIP),
        (b"br;q=0, gzip;q=0.5", GZIP),
        (b"br; q=0.000 , gzip;q=0", IDENTITY),
        (b"BR;Q=0.1", BROTLI),
        (b"broken, gzipped", IDENTITY),
        (b"deflate;q=1,br;q=0.1", BROTLI),
    ],
)
def test_a_reader_gets_what_was_asked_for(accept_encoding, coding):
    finished = finish(PAGE)
    assert finished.accepted(accept_encoding) is finished.representations[coding]


@pytest.mark.parametrize("header", [b'"a"', b'W/"a"', b'"b", "a"', b'"b",W/"a"', b"*"])
def test_a_tag_that_the_reader_has_is_found(header):
    assert is_among(b'"a"', header)


@pytest.mark.parametrize("header", [b"", b'"b"', b"a", b'"a-br"', b'"A"'])
def test_another_tag_is_not(header):
    assert not is_among(b'"a"', header)


async def test_what_is_sent_says_what_it_is():
    chosen = finish(PAGE).accepted(b"br")
    status, headers, body = await sent(chosen)
    assert (status, body) == (200, chosen.body)
    assert headers[b"content-encoding"] == b"br"
    assert headers[b"content-length"] == str(len(body)).encode()
    assert headers[b"vary"] == b"accept-language, accept-encoding"
    assert headers[b"cache-control"] == b"no-cache"
    assert headers[b"etag"] == chosen.etag


async def test_what_the_reader_has_is_not_sent_again():
    chosen = finish(PAGE).accepted(b"br")
    status, headers, body = await sent(chosen, chosen.etag)
    assert (status, body) == (304, b"")
    assert headers[b"etag"] == chosen.etag
    assert headers[b"vary"] == b"accept-language, accept-encoding"
    assert not {b"content-length", b"content-type", b"content-encoding"} & set(headers)


async def test_head_is_a_get_without_the_body():
    chosen = finish(PAGE).accepted(b"gzip")
    assert await sent(chosen, with_body=False) == (200, dict(chosen.headers), b"")


@pytest.mark.parametrize(
    ("status", "header", "shared"),
    [
        (200, (b"x-nothing", b"special"), True),
        (404, (b"x-nothing", b"special"), False),
        (303, (b"location", b"/"), False),
        (200, (b"set-cookie", b"who=me"), False),
        (200, (b"cache-control", b"private, no-store"), False),
    ],
)
def test_what_is_somebody_s_own_is_not_for_everybody(status, header, shared):
    assert Answer(status, [header], b"").is_for_everybody is shared
