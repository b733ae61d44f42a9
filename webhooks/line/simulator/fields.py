"""Values out of a driver's JSON, checked: each function returns the value or raises Refused (400)."""

from typing import Any

from webhooks.line.simulator.errors import Refused

Body = dict[str, Any]


def whole(body: Body, name: str, default: int, low: int, high: int) -> int:
    """A whole number from ``low`` to ``high``."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused.bad_request(
            f"{name} は {low}〜{high} の整数にしてください。",
            f"{name} must be a whole number from {low} to {high}.",
        )
    return value


def number(body: Body, name: str, default: float, low: float, high: float) -> float:
    """A number from ``low`` to ``high``."""
    value = body.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise Refused.bad_request(
            f"{name} は {low}〜{high} の数にしてください。", f"{name} must be a number from {low} to {high}."
        )
    return float(value)


def text(body: Body, name: str, default: str | None = None) -> str:
    """A string that has a UTF-8 form (no lone surrogate); required when there is no default."""
    value = body.get(name, default)
    if not isinstance(value, str) or any("\ud800" <= char <= "\udfff" for char in value):
        raise Refused.bad_request(f"{name} に文字列を入れてください。", f"{name} must be a string.")
    return value


def choice(body: Body, name: str, allowed: list[str], default: str | None = None) -> str:
    """One of some words."""
    value = body.get(name, default)
    if value not in allowed:
        words = ", ".join(allowed)
        raise Refused.bad_request(f"{name} は {words} のどれかにしてください。", f"{name} must be one of {words}.")
    return str(value)


def flag(body: Body, name: str) -> bool:
    """True or false; false when it is not there."""
    value = body.get(name, False)
    if not isinstance(value, bool):
        raise Refused.bad_request(f"{name} は true か false にしてください。", f"{name} must be true or false.")
    return value


def array(body: Body, name: str, most: int, default: list[Any] | None = None) -> list[Any]:
    """An array of at most ``most`` things; required when there is no default."""
    value = body.get(name, default)
    if not isinstance(value, list) or len(value) > most:
        raise Refused.bad_request(
            f"{name} は {most} 個までの配列にしてください。", f"{name} must be an array of at most {most}."
        )
    return value
