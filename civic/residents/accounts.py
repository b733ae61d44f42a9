"""LINE user ids at rest: their 128 random bits are one block of AES-256, under a key for this alone.

A permutation of random bits that occur once needs no nonce, and five hundred blocks open in one call. A block
holds no proof of itself: what was opened with a wrong key is another id. The keyed hash that stands in the same
row is that proof (docs/adr/0019).
"""

from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from civic.kernel.errors import StartRefused
from civic.kernel.security import Vault, sealed_with_other_key

ACCOUNT_HASH = "line-account"
BLOCK = 16

CHECK_EACH = 50
"""Outside a rotation one id in so many is checked. A rotation that was left unfinished shows in whole pages of
residents; to check all of them takes four times as long as to open them."""


class Accounts:
    """Seals and opens LINE user ids, such as ``U8e742f61d673b39c7fff3cecb7536ef0``."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._ciphers = [Cipher(AES256(key), ECB()) for key in vault.keys(b"line-account")]  # noqa: S305

    def seal(self, account: str) -> bytes:
        """The 16 bytes behind the ``U``, sealed with the newest secret. ValueError for what is no LINE user id."""
        bits = bytes.fromhex(account[1:])
        if len(bits) != BLOCK or account != f"U{bits.hex()}":
            raise ValueError("not a LINE user id")
        return self._ciphers[0].encryptor().update(bits)

    def open_many(self, sealed: Sequence[bytes], hashes: Sequence[bytes]) -> list[str]:
        """The ids behind sealed blocks, given with the keyed hashes of their rows, in the same order.

        One in ``CHECK_EACH`` is checked, the first of all; while secrets are being rotated all are. NotFound when
        no secret of ours made one.
        """
        opened = self._open(0, sealed)
        if not self._vault.is_rotating:
            self._require(opened[::CHECK_EACH], hashes[::CHECK_EACH])
            return opened
        for generation in range(1, len(self._ciphers)):
            wrong = [at for at, account in enumerate(opened) if not self._is(account, hashes[at])]
            for at, account in zip(wrong, self._open(generation, [sealed[at] for at in wrong]), strict=True):
                opened[at] = account
        self._require(opened, hashes)
        return opened

    def _open(self, generation: int, sealed: Sequence[bytes]) -> list[str]:
        """The ids as the secret of a generation (0 the newest) has them."""
        blocks = self._ciphers[generation].decryptor().update(b"".join(sealed))
        return [f"U{one}" for one in blocks.hex(",", BLOCK).split(",")] if blocks else []

    def _require(self, accounts: Sequence[str], hashes: Sequence[bytes]) -> None:
        if not all(self._is(account, keyed) for account, keyed in zip(accounts, hashes, strict=True)):
            raise sealed_with_other_key()

    def _is(self, account: str, keyed: bytes) -> bool:
        return keyed in self._vault.keyed_hashes(account, ACCOUNT_HASH)


def sealed_by_trial_release(count: int) -> StartRefused:
    """The error for residents whose accounts were sealed before they were one block."""
    return StartRefused(
        "residents_sealed_before",
        "{count} 人の登録が、試作中の版の形で暗号化されていて、この版では開けません。"
        "resident の行を消してから、もう一度 civic db upgrade を実行してください"
        "（友だちには、もう一度追加してもらいます）。",
        count=count,
    )
