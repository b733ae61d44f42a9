"""Clock, ids, canonical JSON, files, texts, errors and logs."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.kernel import clock, errors, i18n, ids
from civic.kernel.canonical import canonical_json, sha256_hex
from civic.kernel.logging import drop_private_fields
from civic.kernel.storage import FileStore


@given(st.integers(min_value=0, max_value=2**43))
def test_milliseconds_and_instants_are_exact(milliseconds: int) -> None:
    assert clock.to_ms(clock.from_ms(milliseconds)) == milliseconds


def test_instants_are_written_in_utc() -> None:
    jst = timezone(timedelta(hours=9))
    assert clock.iso(datetime(2026, 7, 15, 0, 0, tzinfo=jst)) == "2026-07-14T15:00:00Z"
    assert clock.iso(datetime(2026, 1, 1, 0, 0, 0, 5000, tzinfo=UTC)) == "2026-01-01T00:00:00.005Z"


@given(st.binary(min_size=10, max_size=32))
def test_receipt_codes_survive_being_typed_by_people(digest: bytes) -> None:
    code = ids.receipt_code(digest)
    assert len(code) == 19
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    assert ids.normalize_receipt(typed) == code


def test_a_receipt_code_by_hand() -> None:
    # 80 bits of 00000 00001 … in groups of five: the digit of each group is its value in Crockford's alphabet.
    bits = "".join(f"{value:05b}" for value in [0, 1, 9, 10, 17, 18, 19, 20, 21, 22, 26, 27, 28, 30, 31, 31])
    assert ids.receipt_code(int(bits, 2).to_bytes(10, "big")) == "019A-HJKM-NPTV-WYZZ"


@pytest.mark.parametrize("typed", ["", "N7K4", "N7K4-2M0Q-AAAA-AAAU", "N7K4-2M0Q-AAAA-AAAAA", "票"])
def test_other_texts_are_no_receipts(typed: str) -> None:
    assert ids.normalize_receipt(typed) is None


@pytest.mark.parametrize(
    ("slug", "good"), [("a", True), ("a-1", True), ("A", False), ("-a", False), ("a" * 65, False)]
)
def test_slugs(slug: str, good: bool) -> None:
    assert ids.is_slug(slug) is good


def test_ulids_of_one_moment_are_ascending_and_all_different() -> None:
    before, many, after = ids.new_ulid(), ids.new_ulids(3_000), ids.new_ulid()
    assert sorted(set(many)) == many
    assert all(len(ulid) == 26 for ulid in many)
    assert before[:10] <= many[0][:10] == many[-1][:10] <= after[:10]


def test_canonical_json_has_one_spelling() -> None:
    assert canonical_json({"b": [1, None, True], "a": "か\u3099"}) == '{"a":"が","b":[1,null,true]}'.encode()
    for value in (1.0, {1: 2}, {"a": {3.5}}, b"x"):
        with pytest.raises(TypeError):
            canonical_json(value)
    assert sha256_hex(b"") == hashlib.sha256().hexdigest()


@given(
    st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text("ab", max_size=3), st.lists)
)
def test_canonical_json_is_json(value: object) -> None:
    assert json.loads(canonical_json(value)) == value


def test_files_are_kept_under_their_hash(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"model")
    assert digest == hashlib.sha256(b"model").hexdigest() == store.put(b"model")
    assert store.get(digest) == b"model"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest[2:]]


def test_a_missing_or_changed_file_is_not_handed_out(tmp_path: Path) -> None:
    store = FileStore(tmp_path)
    digest = store.put(b"model")
    store.path(digest).write_bytes(b"other")
    for name in (digest, "0" * 64):
        with pytest.raises(errors.NotFound):
            store.get(name)


def test_a_sentence_in_the_readers_language() -> None:
    refused = errors.NotFound(
        "ballot_unknown", "「{ballot}」という投票はありません。名前を確かめてください。", ballot="x"
    )
    assert refused.sentence("ja") == "「x」という投票はありません。名前を確かめてください。"
    assert refused.sentence("en") == "There is no ballot “x”. Check the name."
    assert refused.status == 404


def test_languages_and_content() -> None:
    assert [i18n.supported_language(tag) for tag in ("en-GB", "EN", "ja", "ja@easy", "zh", "", None)] == [
        "en", "en", "ja", "ja@easy", "ja", "ja", "ja",
    ]  # fmt: skip
    assert [i18n.html_lang(lang) for lang in i18n.LANGUAGES] == ["ja", "ja", "en"]
    assert i18n.other_languages("ja@easy") == ("ja", "en")
    assert i18n.localized({"ja": "案", "ja@easy": "あん"}, "ja@easy") == "あん"
    assert i18n.localized({"ja": "案", "en": "Idea"}, "ja@easy") == "案"
    assert i18n.translate("ja@easy", "投票") == "とうひょう"
    assert i18n.translate("ja@easy", "まだ訳のない文です。") == "まだ訳のない文です。"
    assert i18n.localized({"ja": "木かげ"}, "en") == "木かげ"
    assert i18n.localized({"ja": "木かげ", "en": "Shade"}, "en") == "Shade"
    assert i18n.localized({}, "en") == ""


def test_logs_lose_every_private_field() -> None:
    event = {"event": "reply", "user_id": "U1", "text": "hello", "token": "t", "status": 200}
    assert drop_private_fields(None, "info", event) == {"event": "reply", "status": 200}
