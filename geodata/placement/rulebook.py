"""The numbers the checks judge by, read from a data file that names the source of each."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True)
class Rule:
    """One number: its unit, what it is for, the law or guideline it comes from, and when that was read."""

    value: float
    unit: str
    meaning: str
    source: str
    read: str


def _document() -> dict[str, Any]:
    text = files("geodata.placement").joinpath("rules", "placement.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


_DOCUMENT = _document()
RULES_VERSION: str = _DOCUMENT["version"]
RULES: dict[str, Rule] = {name: Rule(**fields) for name, fields in _DOCUMENT["rules"].items()}
DAY_LIMITED_LAND: frozenset[str] = frozenset(_DOCUMENT["day_limited_land"])
ROAD_LAND: frozenset[str] = frozenset(_DOCUMENT["road_land"])


def limit(name: str) -> float:
    """Give the number of a rule, in the unit that the file states; raises KeyError for an unknown name."""
    return RULES[name].value
