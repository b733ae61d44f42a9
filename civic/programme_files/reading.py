"""YAML to a checked document, remembering the line of every value so that an error can point at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from civic.kernel.i18n import SOURCE_LANGUAGE, marked, translate
from civic.programme_files.format import ProgrammeFile

MOST_BYTES = 4_000_000
MOST_DEPTH = 20

Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: in which file, on which line (0 when it has none), at which key, and what to do.

    ``message`` is a message id of the catalogue, or plain Japanese when its ``english`` comes along with it.
    """

    file: str
    line: int
    key: str
    message: str
    values: Mapping[str, object] = field(default_factory=dict)
    english: str = ""

    def sentence(self, lang: str) -> str:
        """``file:line: key: sentence`` in a language."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" {self.key}:" if self.key else ""
        if self.english:
            return f"{place}:{key} {self.message if lang == SOURCE_LANGUAGE else self.english}"
        return f"{place}:{key} {translate(lang, self.message, **self.values)}"


class ProgrammeFileError(Exception):
    """A programme file that cannot be loaded, with everything that is wrong with it."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(problem.sentence("en") for problem in problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Document:
    """A programme file as read: its folder, the checked content, its bytes, and the line of each key path."""

    path: Path
    content: ProgrammeFile
    source: bytes
    lines: Mapping[Key, int]

    def problem(self, key: Key, message: str, **values: object) -> Problem:
        """A problem at a key path of this file."""
        return Problem(self.path.name, line_of(self.lines, key), dotted(key), message, values)


def find_file(path: Path) -> Path:
    """The YAML file itself, or the only one in a folder."""
    if path.is_file():
        return path
    found = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else []
    named = [file for file in found if file.stem == "programme"] or found
    if len(named) != 1:
        message = marked(
            "事業ファイル（programme.yaml）が見つかりません。"
            "ファイルか、それが入ったフォルダーを指定してください。"
        )
        raise ProgrammeFileError([Problem(str(path), 0, "", message)])
    return named[0]


def read_document(path: Path) -> Document:
    """Read and check the format. ProgrammeFileError lists every mistake with its line and key."""
    path = find_file(path)
    return parse_document(path, path.read_bytes())


def parse_document(path: Path, source: bytes) -> Document:
    """The document that these bytes hold; ``path`` is only used to name it and to find its files."""
    if len(source) > MOST_BYTES:
        raise ProgrammeFileError([Problem(path.name, 0, "", "ファイルが大きすぎます（4 MB まで）。")])
    tree = _Tree()
    try:
        text = source.decode("utf-8-sig")
        _refuse_traps(text)
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        data = tree.plain(root) if root is not None else None
    except UnicodeDecodeError:
        raise _unreadable(path, 0, "UTF-8 で保存してください。") from None
    except _YamlRefused as refused:
        raise _unreadable(path, refused.line, refused.message) from None
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise _unreadable(path, line, "YAML として読めません。字下げとコロンを確かめてください。") from None
    return Document(path, _checked(path, data, tree.lines), source, tree.lines)


def dotted(key: Key) -> str:
    """A key path as people read it: ``proposals[2].placements[0].lon``."""
    text = ""
    for part in key:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def line_of(lines: Mapping[Key, int], key: Key) -> int:
    """The line of a key path, or of the nearest part above it."""
    while key and key not in lines:
        key = key[:-1]
    return lines.get(key, 1)


_TWICE_OR_TOO_DEEP = marked("同じキーが二度あるか、入れ子が深すぎます。キーを一つにしてください。")


class _YamlRefused(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


def _unreadable(path: Path, line: int, message: str) -> ProgrammeFileError:
    return ProgrammeFileError([Problem(path.name, line, "", message)])


class _Tree:
    """A YAML tree as plain data, with the line of every key path. Dates stay text."""

    def __init__(self) -> None:
        self.lines: dict[Key, int] = {}
        self._scalars = yaml.constructor.SafeConstructor()

    def plain(self, node: yaml.Node, key: Key = ()) -> Any:
        """The node as dict, list or scalar."""
        line = node.start_mark.line + 1
        if key in self.lines:
            raise _YamlRefused(line, _TWICE_OR_TOO_DEEP)
        self.lines[key] = line
        if isinstance(node, yaml.MappingNode):
            return {_key(name): self.plain(value, (*key, _key(name))) for name, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*key, i)) for i, item in enumerate(node.value)]
        if node.tag == "tag:yaml.org,2002:timestamp":
            return node.value
        try:
            return self._scalars.construct_object(node)
        except (yaml.YAMLError, ValueError):
            raise _YamlRefused(line, "この値は読めません。文字列なら引用符で囲んでください。") from None


def _refuse_traps(text: str) -> None:
    """Refuse what makes a small file enormous (aliases) or slow (depth), while it is read event by event."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent):
            raise _YamlRefused(line, "YAML の参照（*名前）は使えません。値をそのまま書いてください。")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise _YamlRefused(line, _TWICE_OR_TOO_DEEP)


def _key(node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _YamlRefused(node.start_mark.line + 1, "キーは文字列にしてください。")
    return str(node.value)


def _checked(path: Path, data: Any, lines: Mapping[Key, int]) -> ProgrammeFile:
    try:
        return ProgrammeFile.model_validate(with_tuples(data))
    except ValidationError as error:
        raise ProgrammeFileError([_problem(path, dict(e), lines) for e in error.errors()]) from None


def with_tuples(value: Any) -> Any:
    """Lists as tuples, which is what the strict format wants."""
    if isinstance(value, dict):
        return {key: with_tuples(item) for key, item in value.items()}
    return tuple(with_tuples(item) for item in value) if isinstance(value, list) else value


_SENTENCES = {
    "missing": marked("このキーが必要です。書き足してください。"),
    "extra_forbidden": marked("知らないキーです。つづりを確かめるか、消してください。"),
    "literal_error": marked("値は {expected} のどれかにしてください。"),
    "string_type": marked("文字列を書いてください。"),
    "string_too_long": marked("長すぎます。{max_length} 文字までにしてください。"),
    "int_type": marked("整数を書いてください（引用符なし）。"),
    "float_type": marked("数を書いてください（引用符なし）。"),
    "finite_number": marked("有限の数を書いてください。"),
    "bool_type": marked("true か false を書いてください。"),
    "tuple_type": marked("「- 」で始まる並びを書いてください。"),
    "dict_type": marked("「キー: 値」の形で書いてください。"),
    "model_type": marked("「キー: 値」の形で書いてください。"),
    "too_short": marked("少なくとも 1 つ書いてください。"),
    "greater_than": marked("{gt} より大きい値にしてください。"),
    "greater_than_equal": marked("{ge} 以上の値にしてください。"),
    "less_than_equal": marked("{le} 以下の値にしてください。"),
    "slug": marked("半角の a-z、0-9、ハイフンで 64 文字までの名前にしてください（例: shade-bench）。"),
    "time": marked("時刻は 2026-10-01T09:00+09:00 の形で書いてください。"),
    "naive_time": marked("時刻に時差がありません。2026-10-01T09:00+09:00 のように +09:00 を付けてください。"),
    "date": marked("日付は 2026-07-05 の形で書いてください。"),
    "file_name": marked("同じフォルダーの中のファイル名を書いてください（「..」や絶対パスは使えません）。"),
    "japanese_missing": marked("日本語（ja）の文が必要です。"),
    "language_unknown": marked("知らない言語です。ja、en、ja@easy のどれかにしてください。"),
    "text_not_storable": marked("使えない文字（NUL など）が入っています。消してください。"),
    "other": marked("この値は使えません（{detail}）。書き方を確かめてください。"),
}


def _problem(path: Path, error: dict[str, Any], lines: Mapping[Key, int]) -> Problem:
    key: Key = tuple(error["loc"])
    kind = error["type"]
    context = {name: value for name, value in error.get("ctx", {}).items() if isinstance(value, int | float | str)}
    if kind == "value_error":
        kind = str(error["ctx"]["error"]).split(":")[0]
    if kind not in _SENTENCES:
        kind, context = "other", {"detail": error["msg"]}
    return Problem(path.name, line_of(lines, key), dotted(key), _SENTENCES[kind], context)
