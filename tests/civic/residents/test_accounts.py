"""LINE user ids at rest: one AES-256 block each, opened in one call, checked by the keyed hash of the row."""

import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st
from support.line import person

from civic.kernel.errors import NotFound
from civic.kernel.security import Vault
from civic.residents.accounts import ACCOUNT_HASH, Accounts

VAULT = Vault("only for tests")
PEOPLE = [person(number) for number in range(5)]


def rows(vault, people=PEOPLE):
    accounts = Accounts(vault)
    sealed = [accounts.seal(account) for account in people]
    return sealed, [vault.keyed_hash(account, ACCOUNT_HASH) for account in people]


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=20))
def test_what_is_sealed_opens_in_the_same_order(ids):
    people = [f"U{bits.hex()}" for bits in ids]
    assert Accounts(VAULT).open_many(*rows(VAULT, people)) == people


def test_a_seal_is_the_sixteen_bytes_behind_the_u_under_a_key_for_this_alone():
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"attara/line-account").derive(b"only for tests")
    block = Cipher(AES256(key), ECB()).encryptor().update(bytes.fromhex(person(1)[1:]))
    assert Accounts(VAULT).seal(person(1)) == block


ODD = ["", "U", "U12", person(1).upper(), "X" + person(1)[1:], person(1) + "00", "U" + " " * 32, "U" + "g" * 32]


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_line_user_id_is_not_sealed(odd):
    with pytest.raises(ValueError, match=r"LINE user id|hexadecimal"):
        Accounts(VAULT).seal(odd)


def test_another_secret_opens_nothing():
    with pytest.raises(NotFound) as refused:
        Accounts(Vault("another")).open_many(*rows(VAULT))
    assert refused.value.code == "sealed_with_other_key"


def test_nothing_opens_to_nothing():
    assert Accounts(VAULT).open_many([], []) == []


def test_during_a_rotation_each_row_is_opened_by_its_own_secret():
    both = Vault("the new one", "only for tests")
    (old, old_hashes), (new, new_hashes) = rows(VAULT), rows(both)
    sealed, hashes = [new[0], *old, *new[1:]], [new_hashes[0], *old_hashes, *new_hashes[1:]]
    assert Accounts(both).open_many(sealed, hashes) == [PEOPLE[0], *PEOPLE, *PEOPLE[1:]]


def test_during_a_rotation_every_row_is_checked():
    sealed, hashes = rows(VAULT)
    altered = hashlib.sha256(sealed[3]).digest()[:16]
    with pytest.raises(NotFound):
        Accounts(Vault("the new one", "only for tests")).open_many([*sealed[:3], altered, sealed[4]], hashes)


def test_after_a_rotation_that_was_left_unfinished_nobody_is_taken_for_somebody_else():
    later = Vault("the new one")
    people = [person(number) for number in range(1_000)]
    (done, done_hashes), (left, left_hashes) = rows(later, people[:500]), rows(VAULT, people[500:])
    with pytest.raises(NotFound) as refused:
        Accounts(later).open_many([*done, *left], [*done_hashes, *left_hashes])
    assert refused.value.code == "sealed_with_other_key"
