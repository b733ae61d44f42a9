"""The merged ballots of a sealed election as a Pabulib file, so that anybody can count it with another program."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from civic.exports.types import OptionRecord, ResultRecord
from civic.kernel.clock import JST
from civic.tallies.methods.pabulib import SITES, PbFile, Table, write_pb
from civic.tallies.methods.types import BallotGroup

COLUMNS = ("project_id", "cost", "votes", "name", "selected", "computed", SITES)
ROWS_AT_ONCE = 10_000
_NO_ROWS = Table(("voter_id", "vote"), ())


def ballots_pb(record: ResultRecord, groups: Collection[BallotGroup]) -> Iterator[bytes]:
    """The file in pieces, a row for each voter (UTF-8). Voters are numbered by their choices, which tells nothing.

    ``selected`` is the official outcome: what was decided, else the result; ``computed`` is always the result.
    """
    voters = sum(group.count for group in groups)
    head = PbFile(Table(("key", "value"), _meta(record, voters)), _projects(record), _NO_ROWS)
    yield write_pb(head).encode()
    rows: list[str] = []
    for number, choices in enumerate(_votes(groups), 1):
        rows.append(f"{number};{choices}\n")
        if len(rows) == ROWS_AT_ONCE:
            yield "".join(rows).encode()
            rows.clear()
    yield "".join(rows).encode()


def standing_options(record: ResultRecord) -> list[OptionRecord]:
    """The options that were counted: those not taken off the ballot."""
    return [option for option in record.options if option.withdrawn is None]


def _votes(groups: Collection[BallotGroup]) -> Iterator[str]:
    for choices, voters in sorted((",".join(sorted(group.choices)), group.count) for group in groups):
        for _ in range(voters):
            yield choices


def _meta(record: ResultRecord, voters: int) -> tuple[tuple[str, str], ...]:
    """What the format wants, then our own keys, which other programs leave aside."""
    standing = standing_options(record)
    return (
        ("description", _line(record.title.get("en") or record.title.get("ja", ""))),
        ("country", "Japan"),
        ("unit", record.programme),
        ("instance", record.ballot),
        ("num_projects", str(len(standing))),
        ("num_votes", str(voters)),
        ("budget", str(_budget(record, standing))),
        ("vote_type", "approval"),
        ("rule", record.report["method"]),
        ("date_begin", _date(record.opens_at)),
        ("date_end", _date(record.closes_at)),
        ("max_length", str(record.max_approvals)),
        ("language", "ja"),
        ("currency", "JPY"),
        ("rule_version", str(record.report["method_version"])),
        ("status", record.report["status"]),
        ("manifest_sha256", record.manifest_sha256),
        ("inputs_sha256", record.inputs_sha256),
    )


def _budget(record: ResultRecord, standing: Sequence[OptionRecord]) -> int:
    """The format wants a budget; where there is none, what everything everywhere costs limits nothing."""
    if record.budget_yen is not None:
        return record.budget_yen
    return sum(place.cost_yen for option in standing for place in option.places)


def _projects(record: ResultRecord) -> Table:
    official = {place["proposal"] for place in (record.decision or record).selected}
    computed = {place["proposal"] for place in record.selected}
    rows = tuple(
        (
            option.proposal,
            str(min(place.cost_yen for place in option.places)),
            str(record.report["approvals"].get(option.proposal, 0)),
            _line(option.title.get("ja") or option.title.get("en", "")),
            str(int(option.proposal in official)),
            str(int(option.proposal in computed)),
            ",".join(f"{place.site}={place.cost_yen}" for place in option.places),
        )
        for option in standing_options(record)
    )
    return Table(COLUMNS, rows)


def _line(text: str) -> str:
    """A text on one line that needs no quotes: not every reader of the format looks at them before it splits."""
    return " ".join(text.replace('"', "”").replace(";", "；").split())


def _date(instant: datetime) -> str:
    return instant.astimezone(JST).strftime("%d.%m.%Y")
