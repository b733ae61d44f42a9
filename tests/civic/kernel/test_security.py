"""Secrets at rest, keyed hashes and ballot keys."""

import hashlib
import hmac
import stat
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from civic.kernel.errors import NotFound, StartRefused
from civic.kernel.security import BallotKeys, Vault, open_vault, pseudonym
from civic.kernel.settings import Settings


def test_what_is_sealed_opens_only_with_the_same_secret_and_purpose() -> None:
    vault = Vault("a" * 32)
    sealed = vault.seal(b"U0123", "inbox")
    assert vault.open(sealed, "inbox") == b"U0123"
    assert b"U0123" not in sealed
    assert vault.seal(b"U0123", "inbox") != sealed  # a fresh nonce each time
    for other, purpose in ((Vault("b" * 32), "inbox"), (vault, "other")):
        with pytest.raises(NotFound):
            other.open(sealed, purpose)


@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 40])
def test_damaged_bytes_do_not_open(damage: bytes) -> None:
    with pytest.raises(NotFound):
        Vault("a" * 32).open(damage, "inbox")


def test_keyed_hashes_meet_for_equal_values_only() -> None:
    vault = Vault("a" * 32)
    assert vault.keyed_hash("x", "event") == vault.keyed_hash("x", "event")
    different = {vault.keyed_hash("x", "event"), vault.keyed_hash("y", "event"), vault.keyed_hash("x", "account")}
    assert len(different | {Vault("b" * 32).keyed_hash("x", "event")}) == 4
    assert all(len(value) == 16 for value in different)


def test_a_pseudonym_is_hmac_of_channel_and_account() -> None:
    key = bytes(range(32))
    expected = hmac.new(key, b"line:U1", hashlib.sha256).digest()[:16]
    assert pseudonym(key, "line", "U1") == expected


def test_a_ballot_key_is_made_once_and_readable_by_the_owner_only(tmp_path: Path) -> None:
    keys = BallotKeys(tmp_path / "keys")
    key = keys.create("attara")
    assert len(key) == 32
    assert keys.create("attara") == BallotKeys(tmp_path / "keys").get("attara") == key
    file = tmp_path / "keys" / "ballot-attara.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [file.name]
    assert keys.create("another") != key


def make_key(folder: Path) -> bytes:
    return BallotKeys(folder).create("attara")


def test_processes_that_race_for_a_key_get_the_same_one(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4) as processes:
        made = set(processes.map(make_key, [tmp_path / "keys"] * 16))
    assert len(made) == 1


def test_a_missing_or_cut_key_of_an_open_ballot_refuses_the_start(tmp_path: Path) -> None:
    keys = BallotKeys(tmp_path)
    with pytest.raises(NotFound):
        keys.get("attara")
    with pytest.raises(StartRefused):
        keys.require(["attara"])
    keys.create("attara")
    keys.require(["attara"])
    (tmp_path / "ballot-attara.key").write_bytes(b"half")
    with pytest.raises(StartRefused):
        keys.require(["attara"])


def test_outside_production_a_secret_is_made_and_kept(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path, secret_key=())
    sealed = open_vault(settings).seal(b"x", "p")
    assert open_vault(settings).open(sealed, "p") == b"x"
    given = settings.model_copy(update={"secret_key": (SecretStr("z" * 40),)})
    with pytest.raises(NotFound):
        open_vault(given).open(sealed, "p")
