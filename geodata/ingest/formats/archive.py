"""A zip with one model in it and the files beside it. Nothing is ever written to disk or looked up outside it."""

import io
import posixpath
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass

from geodata.ingest.errors import ModelRejected, reject
from geodata.ingest.formats.checks import at_most, plain
from geodata.ingest.formats.foreign import family_of_name, refuse_family
from geodata.ingest.limits import Limits

MODEL_ENDINGS = (".glb", ".gltf", ".obj", ".ply", ".stl")
_NESTED = (".zip", ".7z", ".rar", ".gz", ".tgz", ".tar", ".bz2", ".xz")
_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER_BYTES = 30
_ENCRYPTED, _UTF8 = 0x1, 0x800
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError, NotImplementedError)


@dataclass(frozen=True)
class Lookup:
    """The files beside a model, by name in lower case; `folder` is where the model itself lies."""

    files: dict[str, bytes]
    folder: str

    def find(self, name: str) -> bytes | None:
        """Find a file the model names: relative to the model, else anywhere in the archive by its bare name.

        Programs write the folders of their own machine; those folders are never followed.
        """
        wanted = _key(name.strip().replace("\\", "/"))
        beside = posixpath.normpath(posixpath.join(self.folder, wanted))
        if beside in self.files:
            return self.files[beside]
        bare = posixpath.basename(wanted)
        found = [path for path in self.files if bare and posixpath.basename(path) == bare]
        return self.files[found[0]] if len(found) == 1 else None


@dataclass(frozen=True)
class PackedModel:
    """The one model of an archive: its name, its bytes, and what lies beside it."""

    name: str
    data: bytes
    beside: Lookup


def open_archive(data: bytes, limits: Limits) -> PackedModel:
    """Unpack a zip in memory after judging its directory; raises ModelRejected."""
    at_most("zip_too_many_files", data.count(_ENTRY), limits.archive_members)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _checked_members(archive, limits)
            files = {name: archive.read(member) for name, member in members.items()}
    except ModelRejected:  # is a ValueError, as some of the others are
        raise
    except _BROKEN:
        reject("zip_broken")
    name = _only_model(list(files))
    return PackedModel(name, files[name], Lookup(files, posixpath.dirname(name)))


def _checked_members(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    listed = archive.infolist()
    _refuse_overlaps(listed)
    if sum(member.file_size for member in listed) > limits.unpacked_bytes:
        reject("zip_bomb", limit_mb=limits.unpacked_bytes // 1_000_000)
    members: dict[str, zipfile.ZipInfo] = {}
    for member in listed:
        name = _member_name(member)
        if name in members:
            reject("zip_name", name=plain(name))
        members[name] = member
        _check_member(member, name, limits)
    return {name: member for name, member in members.items() if not _is_litter(name)}


def _refuse_overlaps(members: list[zipfile.ZipInfo]) -> None:
    """Each member takes its own bytes: members that share bytes unfold to far more than the file holds."""
    end = 0
    for member in sorted(members, key=lambda one: one.header_offset):
        if member.header_offset < end:
            reject("zip_broken")
        end = member.header_offset + _LOCAL_HEADER_BYTES + member.compress_size


def _check_member(member: zipfile.ZipInfo, name: str, limits: Limits) -> None:
    if member.flag_bits & _ENCRYPTED:
        reject("zip_encrypted")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        reject("zip_method")
    if member.file_size > limits.archive_ratio * max(member.compress_size, 1):
        reject("zip_bomb", limit_mb=limits.unpacked_bytes // 1_000_000)
    if name.endswith(_NESTED):
        reject("zip_nested", name=plain(name))


def _member_name(member: zipfile.ZipInfo) -> str:
    name = _decoded(member).replace("\\", "/")
    if name.startswith("/") or re.match(r"[A-Za-z]:", name) or ".." in name.split("/"):
        reject("zip_name", name=plain(name))
    return _key(name)


def _decoded(member: zipfile.ZipInfo) -> str:
    """Read a member's name; Japanese Windows writes it in its own code page and does not say so."""
    if member.flag_bits & _UTF8:
        return member.filename
    return decoded(member.orig_filename.encode("cp437"))


def decoded(name: bytes) -> str:
    """Read a name in UTF-8 or, failing that, in the code page of Japanese Windows."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("cp932", errors="replace")


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).lower()


def _is_litter(name: str) -> bool:
    return name.endswith("/") or name.startswith("__macosx/") or posixpath.basename(name).startswith(".")


def _only_model(names: list[str]) -> str:
    models = [name for name in names if name.endswith(MODEL_ENDINGS)]
    if len(models) > 1:
        reject("zip_several_models", count=len(models))
    if not models:
        families = [family for family in map(family_of_name, names) if family]
        if families:
            refuse_family(families[0])
        reject("zip_no_model")
    return models[0]
