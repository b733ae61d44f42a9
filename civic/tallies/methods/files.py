"""An election in a file, counted without any database: ``civic tally FILE.json`` or ``FILE.pb``.

A case in JSON is ``{"budget_yen": n | null, "options": [{"proposal", "site", "cost_yen"}],
"ballots": [{"choices": [proposal, …], "count": n}]}``. What a ``.pb`` is: pabulib.py.
"""

import json
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, TypeGuard

from civic.tallies.methods.pabulib import parse_pb
from civic.tallies.methods.registry import NO_OPTIONS, Options, compute
from civic.tallies.methods.types import MAX_INTEGER, BallotGroup, Option, TallyInput, TallyInputError

MAX_BYTES = 50_000_000


def tally_file(path: Path, method: str, options: Options = NO_OPTIONS) -> dict[str, Any]:
    """Read a file and count it by one method: the object that ``civic tally … --json`` prints.

    A ``.pb`` also has ``official``, what the city selected (null when the file does not say), and ``warnings``.

    Raises:
        TallyInputError: the file cannot be counted, or there is no such method or option.
    """
    started = perf_counter()
    if path.suffix.lower() != ".pb":
        tally_input = read_case(path)
        return case_report(tally_input, method, options, read_seconds=perf_counter() - started)
    file = parse_pb(content(path))
    tally_input = file.tally_input()
    report = case_report(tally_input, method, options, read_seconds=perf_counter() - started)
    return {**report, "official": file.official(), "warnings": file.warnings()}


def case_report(
    tally_input: TallyInput, method: str, options: Options = NO_OPTIONS, read_seconds: float = 0.0
) -> dict[str, Any]:
    """The result as plain JSON values: ``selected`` names each winner once, ``assigned`` also its sites.

    The last tie of a file is broken by id in code-point order, so ``tie_pending`` does not occur.

    Raises:
        TallyInputError: as ``compute``.
    """
    started = perf_counter()
    outcome = compute(method, tally_input, "id_order", options)
    tally_seconds = perf_counter() - started
    return {
        "method": method,
        "method_options": dict(options),
        "status": outcome.status,
        "voters": tally_input.voters,
        "blank": tally_input.blank,
        "approvals": outcome.approvals,
        "selected": outcome.selected_proposals,
        "assigned": [
            {"proposal": option.proposal, "site": option.site, "cost_yen": option.cost_yen}
            for option in outcome.selected
        ],
        "seconds": {"read": round(read_seconds, 6), "tally": round(tally_seconds, 6)},
    }


def read_case(path: Path) -> TallyInput:
    """The election in a case file. Strict: what is not understood is refused, never skipped.

    Raises:
        TallyInputError: names the key path (``options[2].cost_yen``) and what to write instead.
    """
    case = record(parsed(content(path).removeprefix("\ufeff")), "", ("budget_yen", "options", "ballots"))
    return TallyInput(
        read_budget(case["budget_yen"]),
        tuple(read_option(item, f"options[{i}]") for i, item in enumerate(items(case["options"], "options"))),
        tuple(read_ballot(item, f"ballots[{i}]") for i, item in enumerate(items(case["ballots"], "ballots"))),
    )


def read_budget(value: object) -> int | None:
    """``budget_yen``: an integer, or null for no limit."""
    if value is None or is_integer(value):
        return value
    raise _wrong_type(
        "budget_yen",
        value,
        "0以上の整数か null（上限なし）で",
        "a whole number of 0 or more, or null for no limit",
    )


def read_option(value: object, path: str) -> Option:
    """One ``{"proposal", "site", "cost_yen"}``."""
    option = record(value, path, ("proposal", "site", "cost_yen"))
    return Option(
        name(option["proposal"], f"{path}.proposal"),
        name(option["site"], f"{path}.site"),
        whole_number(option["cost_yen"], f"{path}.cost_yen"),
    )


def read_ballot(value: object, path: str) -> BallotGroup:
    """One ``{"choices", "count"}``; a choice written twice is still one approval."""
    ballot = record(value, path, ("choices", "count"))
    choices = items(ballot["choices"], f"{path}.choices")
    return BallotGroup(
        frozenset(name(choice, f"{path}.choices[{i}]") for i, choice in enumerate(choices)),
        whole_number(ballot["count"], f"{path}.count"),
    )


def content(path: Path) -> str:
    """The text of the file, at most ``MAX_BYTES`` of UTF-8, with its byte order mark if it has one."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise TallyInputError(
            "unreadable",
            f"ファイル {path.name} を読めません。場所と読み取りの権限を確かめてください。",
            f"The file {path.name} cannot be read. Check where it is and whether you may read it.",
        ) from error
    if len(raw) > MAX_BYTES:
        raise TallyInputError(
            "too_large",
            f"ファイルが {MAX_BYTES // 1_000_000} MB を超えています。同じ票を count でまとめてください。",
            f"The file is larger than {MAX_BYTES // 1_000_000} MB. Group equal ballots with count.",
        )
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise TallyInputError(
            "not_utf8",
            f"ファイルの {error.start} バイト目が UTF-8 ではありません。UTF-8 で保存し直してください。",
            f"Byte {error.start} of the file is not UTF-8. Save it again as UTF-8.",
        ) from error


def parsed(text: str) -> object:
    """The JSON value of a text."""
    try:
        return json.loads(text, object_pairs_hook=_unique_keys, parse_int=_bounded_integer)
    except json.JSONDecodeError as error:
        raise TallyInputError(
            "not_json",
            f"{error.lineno} 行 {error.colno} 文字目が JSON として読めません。"
            "そのあたりの括弧、コンマ、引用符を確かめてください。",
            f"Line {error.lineno}, column {error.colno} is not JSON. Check brackets, commas and quotes there.",
        ) from error
    except RecursionError as error:
        raise TallyInputError(
            "not_json",
            "括弧の入れ子が深すぎます。budget_yen、options、ballots だけを書いてください。",
            "The brackets are nested too deeply. Write only budget_yen, options and ballots.",
        ) from error


def record(value: object, path: str, keys: Sequence[str]) -> dict[str, Any]:
    """The value as an object with exactly these keys."""
    if not isinstance(value, dict):
        raise _wrong_type(path, value, "オブジェクト { } で", "an object { }")
    at = f"{path}." if path else ""
    for key in keys:
        if key not in value:
            raise TallyInputError(
                "missing_key",
                f"{at}{key} がありません。書き加えてください（必要なもの: {', '.join(keys)}）。",
                f"{at}{key} is missing. Add it (needed: {', '.join(keys)}).",
            )
    for key in value:
        if key not in keys:
            raise TallyInputError(
                "unknown_key",
                f"{at}{_shown(key)} は使えません。消すか、次のどれかに直してください: {', '.join(keys)}",
                f"{at}{_shown(key)} is not known. Remove it, or write one of: {', '.join(keys)}",
            )
    return value


def items(value: object, path: str) -> list[Any]:
    """The value as a list."""
    if not isinstance(value, list):
        raise _wrong_type(path, value, "リスト [ ] で", "a list [ ]")
    return value


def name(value: object, path: str) -> str:
    """The value as an id, in Unicode NFC, so that one name written in two ways is one name."""
    if not isinstance(value, str) or not value:
        raise _wrong_type(path, value, "空でない文字列で", "a text that is not empty")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise TallyInputError(
            "broken_text",
            f"{path} に文字の半分（サロゲート）が入っています。その文字を書き直してください。",
            f"{path} holds half of a character (a lone surrogate). Write that character again.",
        ) from error
    return unicodedata.normalize("NFC", value)


def whole_number(value: object, path: str) -> int:
    """The value as an integer."""
    if is_integer(value):
        return value
    raise _wrong_type(path, value, "0以上の整数で", "a whole number of 0 or more")


def is_integer(value: object) -> TypeGuard[int]:
    """Whether a JSON value is an integer; true, 1.0 and NaN are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def _wrong_type(path: str, value: object, wanted_ja: str, wanted_en: str) -> TallyInputError:
    """The error for a value of another kind, which it shows."""
    return TallyInputError(
        "wrong_type",
        f"{path or 'ファイル全体'} は{wanted_ja}書いてください。いまの値: {_shown(value)}",
        f"{path or 'The whole file'} must be {wanted_en}. It is now: {_shown(value)}",
    )


def _shown(value: object) -> str:
    """A value for a message: a short ASCII form, whatever a file holds."""
    if isinstance(value, dict):
        return "{ }"
    return "[ ]" if isinstance(value, list) else json.dumps(value)[:60]


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """JSON lets a key appear twice and readers disagree on which one counts, so it is refused."""
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = _shown(next(key for key in keys if keys.count(key) > 1))
        raise TallyInputError(
            "duplicate_key",
            f"一つの {{ }} の中に {twice} が2回あります。どちらか一つにしてください。",
            f"{twice} appears twice in one {{ }}. Keep one of the two.",
        )
    return result


def _bounded_integer(digits: str) -> int:
    """An integer; one too long to be meant stays too large, to be refused where its key path is known."""
    return int(digits) if len(digits) <= 20 else MAX_INTEGER + 1
