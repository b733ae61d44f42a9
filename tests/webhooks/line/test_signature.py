"""LINE's signature over the raw bytes: the documented vector, rotation, odd headers, the SDK's verdict."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from linebot.v3.webhook import SignatureValidator
from support.line import sign

from webhooks.line.signature import is_signed

# https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/ (line-platform.md 1.1)
SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"
BODY = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
SIGNATURE = b"GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="

OLD, NEW = b"the-old-secret", b"the-new-secret"


def test_the_vector_of_the_documentation():
    assert is_signed(BODY, SIGNATURE, [SECRET.encode()])


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_during_a_rotation_both_secrets_sign(secret):
    assert is_signed(BODY, sign(BODY, secret.decode()).encode(), [OLD, NEW])


def test_after_a_rotation_the_old_secret_signs_no_more():
    assert not is_signed(BODY, sign(BODY, OLD.decode()).encode(), [NEW])


def test_without_a_secret_nobody_signs():
    assert not is_signed(BODY, sign(BODY, "").encode(), [])


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        b" ",
        b"=",
        b"not base64 at all!",
        SIGNATURE[:-1],
        SIGNATURE + b"=",
        SIGNATURE + b" ",
        SIGNATURE.lower(),
        SIGNATURE[:-2] + b"t=",  # other spelling of the same 32 bytes: the last two bits are padding
        "署名".encode(),
        b"\xff\xfe\x00",
        base64.b64decode(SIGNATURE),
        base64.b64decode(SIGNATURE).hex().encode(),
        base64.urlsafe_b64encode(base64.b64decode(SIGNATURE)),
        base64.b64encode(hmac.new(SECRET.encode(), BODY, hashlib.sha1).digest()),
        b"A" * 100_000,
    ],
)
def test_any_other_header_is_no_signature(header):
    assert not is_signed(BODY, header, [SECRET.encode()])


@pytest.mark.parametrize("body", [b"", BODY + b"\n", BODY.replace(b":", b": "), BODY[:-1]])
def test_any_other_body_is_not_signed(body):
    assert not is_signed(body, SIGNATURE, [SECRET.encode()])


@given(
    body=st.text().map(str.encode) | st.just(BODY),
    secret=st.text(min_size=1),
    flipped=st.none() | st.integers(0, 43),
    junk=st.none() | st.text(alphabet=st.characters(max_codepoint=127)),
)
def test_the_official_validator_agrees(body, secret, flipped, junk):
    header = sign(body, secret) if junk is None else junk
    if flipped is not None and flipped < len(header):
        header = header[:flipped] + ("A" if header[flipped] != "A" else "B") + header[flipped + 1 :]
    official = SignatureValidator(secret).validate(body.decode(), header)
    assert is_signed(body, header.encode(), [secret.encode()]) == official
    assert official == (header == sign(body, secret))
