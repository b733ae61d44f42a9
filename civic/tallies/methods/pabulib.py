"""Elections in the open format of Pabulib (``.pb``): read, written again without a difference, and counted.

A file has the sections META, PROJECTS and VOTES, each with a line of column names, separated by ``;``; a vote
names projects with ``,`` between them. https://pabulib.org/format
"""

import csv
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import count, repeat
from typing import TypedDict

from civic.tallies.methods.types import BallotGroup, Option, TallyInput, TallyInputError

SECTIONS = ("META", "PROJECTS", "VOTES")
# What must stand in the first line of each section.
_COLUMNS = {"META": ("key", "value"), "PROJECTS": ("project_id", "cost"), "VOTES": ("voter_id", "vote")}
_MARK = "\ufeff"

SITES = "sites"
"""The column of our own files that other programs leave aside: where a project could stand, and for how much."""

Row = tuple[str, ...]


class Warned(TypedDict):
    """A number that the file states otherwise than it is."""

    code: str
    stated: str
    found: int


@dataclass(frozen=True, slots=True)
class Table:
    """One section: the names of its columns, and its rows."""

    columns: Row
    rows: tuple[Row, ...]

    def column(self, name: str) -> Iterator[str]:
        """The values of a column that is there, from the first row down."""
        place = self.columns.index(name)
        return (row[place] for row in self.rows)


@dataclass(frozen=True, slots=True)
class PbFile:
    """All that a file says, the columns that no count needs included.

    Attributes:
        mark: whether the file begins with a byte order mark.
        newline: how its lines end.
    """

    meta: Table
    projects: Table
    votes: Table
    mark: bool = False
    newline: str = "\n"

    def tally_input(self) -> TallyInput:
        """The election; a project without ``sites`` is its own site, so that only the budget limits it.

        Raises:
            TallyInputError: a cost that is no whole number, another kind of vote than approvals, and whatever
                ``TallyInput`` refuses.
        """
        meta = dict(zip(self.meta.column("key"), self.meta.column("value"), strict=True))
        kind = meta.get("vote_type", "approval").strip()
        if kind != "approval":
            raise TallyInputError(
                "vote_type",
                f"META の vote_type が {kind!a} です。数えられるのは approval（承認投票）だけです。",
                f"vote_type in META is {kind!a}. Only approval can be counted.",
            )
        options = tuple(option for project in self._placed() for option in _options(*project))
        ballots = tuple(_ballot(vote, voters) for vote, voters in Counter(self.votes.column("vote")).items())
        return TallyInput(_whole("META budget", meta.get("budget", "")), options, ballots)

    def _placed(self) -> Iterator[tuple[str, str, str]]:
        """Every project with its cost and, in our own files, its sites."""
        ids, costs = self.projects.column("project_id"), self.projects.column("cost")
        nowhere = repeat("", len(self.projects.rows))
        sites = self.projects.column(SITES) if SITES in self.projects.columns else nowhere
        return zip(ids, costs, sites, strict=True)

    def official(self) -> list[str] | None:
        """What the city itself selected, in the order of the file; None when the file does not say."""
        if "selected" not in self.projects.columns:
            return None
        chosen = zip(self.projects.column("project_id"), self.projects.column("selected"), strict=True)
        return [_name(project) for project, selected in chosen if selected.strip() == "1"]

    def warnings(self) -> list[Warned]:
        """Numbers in META that the sections do not bear out: a sign of a file that was cut off."""
        meta = dict(zip(self.meta.column("key"), self.meta.column("value"), strict=True))
        found = {"num_projects": len(self.projects.rows), "num_votes": len(self.votes.rows)}
        return [
            {"code": f"{key}_differs", "stated": meta[key], "found": number}
            for key, number in found.items()
            if key in meta and meta[key].strip() != str(number)
        ]


def parse_pb(text: str) -> PbFile:
    """A file's text; with ``write_pb`` back to the same text, but for quotes that were not needed.

    Raises:
        TallyInputError: ``not_pb``; names the line and what to write there.
    """
    mark = text.startswith(_MARK)
    text = text.removeprefix(_MARK)
    newline = "\r\n" if text.partition("\n")[0].endswith("\r") else "\n"
    tables = _tables(text)
    return PbFile(tables["META"], tables["PROJECTS"], tables["VOTES"], mark, newline)


def write_pb(file: PbFile) -> str:
    """The text of a file; a field is quoted where it has to be."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator=file.newline)
    for name, table in zip(SECTIONS, (file.meta, file.projects, file.votes), strict=True):
        writer.writerow([name])
        writer.writerow(table.columns)
        writer.writerows(table.rows)
    return _MARK * file.mark + text.getvalue()


def pb_file_of(
    tally_input: TallyInput, meta: Mapping[str, str], names: Mapping[str, str], selected: Iterable[str]
) -> PbFile:
    """An election as a file for other programs. A proposal costs what its cheapest site costs; a budget is needed.

    Voters are numbered by their choices, so that the file tells nothing about who voted when.
    """
    costs: dict[str, int] = {}
    for option in tally_input.options:
        costs[option.proposal] = min(option.cost_yen, costs.get(option.proposal, option.cost_yen))
    won = set(selected)
    ballots = sorted((",".join(sorted(group.choices)), group.count) for group in tally_input.ballots)
    numbers = count(1)
    votes = tuple((str(next(numbers)), choices) for choices, voters in ballots for _ in range(voters))
    stated = {
        **meta,
        "num_projects": str(len(costs)),
        "num_votes": str(len(votes)),
        "budget": str(sum(costs.values()) if tally_input.budget_yen is None else tally_input.budget_yen),
        "vote_type": "approval",
    }
    projects = tuple((p, str(cost), names.get(p, p), "1" if p in won else "0") for p, cost in costs.items())
    return PbFile(
        Table(("key", "value"), tuple(stated.items())),
        Table(("project_id", "cost", "name", "selected"), projects),
        Table(("voter_id", "vote"), votes),
    )


def _tables(text: str) -> dict[str, Table]:
    """The sections by name, each once and with what it needs."""
    found: dict[str, list[Row]] = {}
    rows: list[Row] | None = None
    reader = csv.reader(StringIO(text, newline=""), delimiter=";", strict=True)
    try:
        for row in reader:
            if len(row) == 1 and row[0].strip() in SECTIONS and row[0].strip() not in found:
                rows = found[row[0].strip()] = []
            elif row and rows is None:
                raise _not_pb(reader.line_num, "最初の行は META だけに", "Write META alone on the first line")
            elif row and rows is not None:
                _check_width(rows, row, reader.line_num)
                rows.append(tuple(row))
    except csv.Error as error:
        raise _not_pb(reader.line_num, "引用符を閉じるように", "Close the quotes") from error
    return {name: _table(name, found.get(name)) for name in SECTIONS}


def _check_width(rows: Sequence[Row], row: Sequence[str], line: int) -> None:
    if rows and len(row) != len(rows[0]):
        raise _not_pb(
            line,
            f"列を {len(rows[0])} 個に（いまは {len(row)} 個）",
            f"Write {len(rows[0])} fields, not {len(row)}",
        )


def _table(name: str, rows: list[Row] | None) -> Table:
    """A section of at least its column names."""
    needed = _COLUMNS[name]
    if not rows or any(column not in rows[0] for column in needed):
        wanted = ";".join(needed)
        raise TallyInputError(
            "not_pb",
            f"{name} の行と、その次の列名の行（{wanted} を含む）がありません。書き加えてください。",
            f"There is no line {name} followed by its column names (with {wanted}). Add them.",
        )
    return Table(rows[0], tuple(rows[1:]))


def _options(project: str, cost: str, sites: str) -> Iterator[Option]:
    """The project on each of its sites (``plaza=1000000,deck=500000``); without sites it is its own."""
    if not sites.strip():
        yield Option(_name(project), _name(project), _whole(f"PROJECTS {project} cost", cost))
        return
    for placed in sites.split(","):
        site, _, yen = placed.partition("=")
        yield Option(_name(project), _name(site), _whole(f"PROJECTS {project} sites", yen))


def _ballot(vote: str, voters: int) -> BallotGroup:
    choices = (_name(choice) for choice in vote.split(","))
    return BallotGroup(frozenset(choice for choice in choices if choice), voters)


def _name(text: str) -> str:
    return unicodedata.normalize("NFC", text.strip())


def _whole(where: str, text: str) -> int:
    """A whole number, also one written with a point and zeros."""
    digits, _, zeros = text.strip().partition(".")
    if digits.isascii() and digits.isdigit() and not zeros.strip("0") and len(digits) <= 20:
        return int(digits)
    raise TallyInputError(
        "wrong_type",
        f"{where} は0以上の整数で書いてください。いまの値: {text[:60]!a}",
        f"{where} must be a whole number of 0 or more. It is now: {text[:60]!a}",
    )


def _not_pb(line: int, wanted_ja: str, wanted_en: str) -> TallyInputError:
    return TallyInputError(
        "not_pb",
        f"{line} 行目が .pb ファイルとして読めません。{wanted_ja}してください。",
        f"Line {line} cannot be read as a .pb file. {wanted_en}.",
    )
