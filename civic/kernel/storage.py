"""Files under the hash of their content: written once, never changed, the same file stored once."""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

from civic.kernel.errors import NotFound


class FileStore:
    """A folder of files named by their SHA-256 (hex), in sub-folders by the first two digits."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, data: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex; a file already there is left alone."""
        digest = hashlib.sha256(data).hexdigest()
        path = self.path(digest)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_atomically(path, data)
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes of a hash. NotFound when the file is gone or its content no longer fits the name."""
        try:
            data = self.path(digest).read_bytes()
        except FileNotFoundError:
            data = None
        if data is None or hashlib.sha256(data).hexdigest() != digest:
            raise NotFound(
                "file_missing",
                "保存したファイル {digest} が見つからないか、こわれています。バックアップから戻してください。",
                digest=digest[:12],
            )
        return data

    def path(self, digest: str) -> Path:
        """Where the file of a hash stands."""
        return self.root / digest[:2] / digest[2:]


def _write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target, flush to disk, then rename: a crash leaves either nothing or the whole file."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary)
        raise
