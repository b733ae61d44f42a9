"""Secrets: what is sealed at rest, keyed hashes for look-ups, and one key file for each ballot.

From each secret of ``CIVIC_SECRET_KEY`` come keys by HKDF-SHA256 (RFC 5869): one seals bytes with AES-256-GCM,
one makes keyed hashes, others serve a purpose of their own. Ballot keys are independent random bytes in files,
never derived, never in the database.
"""

import hmac
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from civic.kernel.errors import NotFound, StartRefused
from civic.kernel.settings import Settings

_NONCE = 12
BALLOT_KEY_BYTES = 32
PSEUDONYM_BYTES = 16


class Vault:
    """Seals personal data at rest and makes keyed hashes that stand for an id without revealing it.

    Of several secrets the first is the newest: it makes what is new, and any of them opens what is there.
    """

    def __init__(self, newest: str, *earlier: str) -> None:
        self._secrets = (newest, *earlier)
        self._sealing = [AESGCM(key) for key in self.keys(b"seal")]
        self._hashing = self.keys(b"hash")

    @property
    def is_rotating(self) -> bool:
        """Whether there is an earlier secret."""
        return len(self._secrets) > 1

    def keys(self, purpose: bytes) -> list[bytes]:
        """32 bytes for one purpose alone from each secret, the newest first."""
        return [_derive(secret, purpose) for secret in self._secrets]

    def seal(self, plain: bytes, purpose: str) -> bytes:
        """AES-256-GCM: nonce and ciphertext; opens only with the same purpose."""
        nonce = os.urandom(_NONCE)
        return nonce + self._sealing[0].encrypt(nonce, plain, purpose.encode())

    def open(self, sealed: bytes, purpose: str) -> bytes:
        """The plain bytes. NotFound when no secret of ours made them or they were altered."""
        for sealing in self._sealing:
            try:
                return sealing.decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
            except (InvalidTag, ValueError):
                continue
        raise sealed_with_other_key()

    def keyed_hash(self, value: str, purpose: str) -> bytes:
        """HMAC-SHA256, 16 bytes: equal values meet, nobody without the secret can list them."""
        return _keyed_hash(self._hashing[0], value, purpose)

    def keyed_hashes(self, value: str, purpose: str) -> list[bytes]:
        """The hash by each secret, the newest first: what is looked up may have been written with any of them."""
        return [_keyed_hash(key, value, purpose) for key in self._hashing]


def sealed_with_other_key() -> NotFound:
    """The error for what no secret of ours has sealed."""
    return NotFound(
        "sealed_with_other_key",
        "この記録は今の CIVIC_SECRET_KEY では開けません。元のキーに戻してください。",
    )


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; outside production a missing secret is made once and kept in a file."""
    if settings.secret_key:
        return Vault(*(secret.get_secret_value() for secret in settings.secret_key))
    path = settings.resolved_keys_dir / "secret.key"
    if not path.exists():
        _write_secret_file(path, secrets.token_hex(32).encode())
    return Vault(path.read_text().strip())


class BallotKeys:
    """One file of 32 random bytes a ballot (mode 0600): whoever has it can link a LINE account to a vote."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cache: dict[str, bytes] = {}

    def create(self, ballot: str) -> bytes:
        """Make the key of a ballot, or return the one that exists."""
        path = self._path(ballot)
        if not path.exists():
            _write_secret_file(path, secrets.token_bytes(BALLOT_KEY_BYTES))
        return self.get(ballot)

    def find(self, ballot: str) -> bytes | None:
        """The key of a ballot, or None when its file is missing (never made, or destroyed after the end)."""
        if ballot not in self._cache:
            try:
                self._cache[ballot] = self._path(ballot).read_bytes()
            except FileNotFoundError:
                return None
        return self._cache[ballot]

    def get(self, ballot: str) -> bytes:
        """The key of a ballot. NotFound when the file is missing: without it nobody's vote can be changed."""
        key = self.find(ballot)
        if key is None:
            raise NotFound(
                "ballot_key_missing",
                "投票「{ballot}」の鍵ファイルがありません。{folder} に戻してから、もう一度始めてください。",
                ballot=ballot,
                folder=str(self.folder),
            )
        return key

    def require(self, ballots: Iterable[str]) -> None:
        """StartRefused unless the key of every open ballot is there and whole."""
        for ballot in ballots:
            path = self._path(ballot)
            if not path.exists() or path.stat().st_size != BALLOT_KEY_BYTES:
                raise StartRefused(
                    "open_ballot_key_missing",
                    "受付中の投票「{ballot}」の鍵がありません。{folder} にバックアップから戻してください。",
                    ballot=ballot,
                    folder=str(self.folder),
                )

    def _path(self, ballot: str) -> Path:
        return self.folder / f"ballot-{ballot}.key"


def pseudonym(ballot_key: bytes, channel: str, account: str) -> bytes:
    """A voter inside one ballot: HMAC-SHA256(ballot key, "line:" + userId), 16 bytes (DESIGN: keys)."""
    return hmac.digest(ballot_key, f"{channel}:{account}".encode(), "sha256")[:PSEUDONYM_BYTES]


def _keyed_hash(key: bytes, value: str, purpose: str) -> bytes:
    return hmac.digest(key, f"{purpose}:{value}".encode(), "sha256")[:PSEUDONYM_BYTES]


def _derive(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"attara/" + purpose).derive(secret.encode())


def _write_secret_file(path: Path, content: bytes) -> None:
    """Create a 0600 file exclusively and durably; when two processes race, the first one's file stands.

    The link appears only once the content is on disk, so nobody ever reads half a key.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(temporary, path)
    except FileExistsError:
        return
    finally:
        os.unlink(temporary)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
