import pytest
from starlette.requests import Request
from support.site import BASE_URL

from civic.kernel.errors import CivicError, InvalidInput, NotAllowed
from civic.web.forms import MOST_BYTES, Form, FormTooLarge, read_form, require_own_page


def request(*chunks: bytes, **headers: str) -> Request:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    parts = iter(chunks or (b"",))

    async def receive():
        chunk = next(parts)
        return {"type": "http.request", "body": chunk, "more_body": chunk != chunks[-1]}

    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": pairs}
    return Request(scope, receive)


async def test_fields_come_several_times_and_in_order():
    form = await read_form(request(b"a=1&b=%E5%85%AC&a=2&c="))
    assert (form.every("a"), form.one("a"), form.one("b"), form.one("c"), form.one("d")) == (
        ["1", "2"],
        "2",
        "公",
        "",
        "",
    )
    assert form.every("d") == ()


async def test_text_is_stored_in_one_form():
    assert (await read_form(request("a=が".encode()))).one("a") == "が"


@pytest.mark.parametrize("body", [b"a=%FF", b"a=\xff", b"a=%00", b"a=%ED%A0%80", b"&".join([b"a=1"] * 1001)])
async def test_what_cannot_be_read_or_stored_is_refused(body):
    with pytest.raises(InvalidInput):
        await read_form(request(body))


async def test_a_body_is_read_up_to_the_limit_and_no_further():
    whole = b"a=" + b"x" * (MOST_BYTES - 2)
    assert len((await read_form(request(whole[:1000], whole[1000:]))).one("a")) == MOST_BYTES - 2
    with pytest.raises(FormTooLarge) as refusal:
        await read_form(request(whole, b"y", b"never read"))
    assert refusal.value.status == 413


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec_fetch_site": "same-origin"}, True),
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": BASE_URL}, False),
        ({"sec_fetch_site": ""}, False),
        ({"origin": BASE_URL}, True),
        ({"origin": "https://evil.example"}, False),
        ({"origin": f"{BASE_URL}.evil.example"}, False),
        ({"origin": "http://vote.example.jp"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
def test_only_a_page_of_ours_may_send(headers, allowed):
    refused: CivicError | None = None
    try:
        require_own_page(request(**headers), f"{BASE_URL}/base")
    except NotAllowed as error:
        refused = error
    assert (refused is None) == allowed


def test_an_empty_form_has_nothing():
    assert Form({}).one("a") == ""
