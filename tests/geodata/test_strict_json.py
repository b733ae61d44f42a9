"""The scan before the parser: exact on what is valid, unshaken by what is not."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.strict_json import JsonRefused, parse

LIMITS = {"max_bytes": 1_000_000, "max_depth": 12}

documents = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=30,
)


def depth(value):
    if isinstance(value, dict):
        return 1 + max((depth(item) for item in value.values()), default=0)
    return 1 + max((depth(item) for item in value), default=0) if isinstance(value, list) else 0


@given(documents, st.booleans())
def test_valid_documents_are_parsed_up_to_their_very_depth(document, ascii_only):
    text = json.dumps(document, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert parse(text, 1_000_000, depth(document)) == document
    if depth(document):
        with pytest.raises(JsonRefused, match="too_deep"):
            parse(text, 1_000_000, depth(document) - 1)


@given(st.text(alphabet='\\"[]{}NaIfinty,:1 '))
def test_brackets_and_words_inside_strings_do_not_count(text):
    document = {text: [text, "NaN", "Infinity", "[[[[[[[[[[[[[["]}
    assert parse(json.dumps(document).encode(), **LIMITS) == document


@given(st.binary(max_size=60))
def test_any_bytes_are_parsed_or_refused(text):
    try:
        expected = json.loads(text.decode("utf-8"), parse_constant=int)  # int("NaN") is a ValueError
    except ValueError:
        with pytest.raises(JsonRefused):
            parse(text, **LIMITS)
    else:
        assert parse(text, **LIMITS) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b" " * 1_000_001, "too_large"),
        (b"[" * 13 + b"]" * 13, "too_deep"),
        (b"[" * 900_000, "too_deep"),
        (b"[1, NaN]", "not_a_number"),
        (b'{"a": -Infinity}', "not_a_number"),
        (b"", "invalid"),
        (b'{"a": 1} {"b": 2}', "invalid"),
        (b'"\xed\xa0\x80"', "invalid"),
        (b"[" + b"1" * 5000 + b"]", "invalid"),
        (b"\\" * 1000, "invalid"),
    ],
)
def test_refusals(text, reason):
    with pytest.raises(JsonRefused) as refusal:
        parse(text, **LIMITS)
    assert refusal.value.reason == reason
