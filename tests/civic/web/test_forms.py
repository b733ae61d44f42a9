import pytest
from starlette.requests import Request
from support.site import BASE_URL

from civic.kernel.errors import CivicError, InvalidInput, NotAllowed
from civic.web.forms import (
    MOST_BYTES,
    MOST_UPLOAD_BYTES,
    Form,
    FormTooLarge,
    read_form,
    read_upload_form,
    require_own_page,
)


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


TYPE = "multipart/form-data; boundary=b"
END = b"--b--\r\n"


def part(name: str, value: bytes, filename: str | None = None) -> bytes:
    file = f'; filename="{filename}"' if filename is not None else ""
    return f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + value + b"\r\n"


async def test_an_upload_comes_with_its_fields():
    body = part("a", "が".encode()) + part("a", b"2") + part("f", b"\x00glTF", "モデル\x1b.glb") + END
    form, upload = await read_upload_form(request(body[:50], body[50:], content_type=TYPE), "f", 10)
    assert form.every("a") == ["が", "2"]
    assert (upload.name, upload.size, upload.data) == ("モデル.glb", 5, b"\x00glTF")


async def test_no_file_chosen_is_no_upload_but_an_empty_file_is_one():
    _, none = await read_upload_form(request(part("f", b"", "") + END, content_type=TYPE), "f", 10)
    _, empty = await read_upload_form(request(part("f", b"", "a.glb") + END, content_type=TYPE), "f", 10)
    assert none is None
    assert (empty.size, empty.data) == (0, b"")


async def test_a_file_over_its_limit_is_told_by_its_size_and_not_kept():
    _, upload = await read_upload_form(request(part("f", b"x" * 11, "a") + END, content_type=TYPE), "f", 10)
    assert (upload.size, upload.data) == (11, None)


async def test_an_upload_is_read_up_to_the_limit_and_no_further():
    head, much = part("f", b"", "a")[:-2], bytes(MOST_UPLOAD_BYTES)
    with pytest.raises(FormTooLarge) as refusal:
        await read_upload_form(request(head, much, b"y", b"never read", content_type=TYPE), "f", 10)
    assert refusal.value.status == 413
    announced = request(b"never read", content_type=TYPE, content_length=str(MOST_UPLOAD_BYTES + 1))
    with pytest.raises(FormTooLarge):
        await read_upload_form(announced, "f", 10)


UNREADABLE = {
    "another type": ("application/json", b"{}"),
    "no type": ("", b"{}"),
    "no boundary": ("multipart/form-data", part("a", b"1") + END),
    "another boundary": ("multipart/form-data; boundary=c", part("a", b"1") + END),
    "no name": (TYPE, b"--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n" + END),
    "two files": (TYPE, part("f", b"1", "a") + part("g", b"1", "b") + END),
    "too many fields": (TYPE, part("a", b"1") * 301 + END),
    "too long a text": (TYPE, part("a", b"x" * 300_000) + END),
    "nul": (TYPE, part("a", b"\x00") + END),
}


@pytest.mark.parametrize("case", UNREADABLE)
async def test_an_upload_that_cannot_be_read_is_refused(case):
    content_type, body = UNREADABLE[case]
    with pytest.raises(InvalidInput):
        await read_upload_form(request(body, content_type=content_type), "f", 10)
