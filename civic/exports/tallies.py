"""A result as a file: canonical JSON, and a table for a spreadsheet. What each says: docs/exports.md."""

from collections.abc import Mapping
from typing import Any

from civic.exports.cells import Row, csv_bytes, japan_time
from civic.exports.types import DecisionRecord, OptionRecord, PollRecord, ResultRecord
from civic.kernel.canonical import canonical_json
from civic.kernel.clock import iso
from civic.kernel.i18n import translate

VERSION = 1
"""Of the form of the JSON; rises when a name in it goes or means something else."""


def result_json(record: ResultRecord) -> bytes:
    """Everything published about a result: sorted keys, no spaces, UTF-8, so that its hash means something."""
    return canonical_json(
        {
            "v": VERSION,
            "programme": record.programme,
            "ballot": record.ballot,
            "title": dict(record.title),
            "opens_at": iso(record.opens_at),
            "closes_at": iso(record.closes_at),
            "max_approvals": record.max_approvals,
            "budget_yen": record.budget_yen,
            "method_options": dict(record.method_options),
            "result": dict(record.report),
            "computed_at": iso(record.computed_at),
            "manifest_sha256": record.manifest_sha256,
            "inputs_sha256": record.inputs_sha256,
            "options": [_option(option) for option in record.options],
            "decision": _decision(record.decision) if record.decision else None,
            "decisions": [_decision(decision) for decision in record.decisions],
            "outside_polls": [_poll(poll) for poll in record.polls],
        }
    )


def result_csv(record: ResultRecord, lang: str) -> bytes:
    """One row for each option on each of its sites, with headings in the reader's language."""
    return csv_bytes(result_rows(record, lang))


def result_rows(record: ResultRecord, lang: str) -> list[Row]:
    """The headings, and the rows of ``result_csv``: 1 is yes, 0 is no."""
    chosen = _standing(record.selected)
    decided = _standing(record.decision.selected) if record.decision else set()
    return [_headings(lang), *_option_rows(record, chosen, decided, lang)]


def _headings(lang: str) -> Row:
    return (
        translate(lang, "案の記号"),
        translate(lang, "案"),
        translate(lang, "場所の記号"),
        translate(lang, "場所"),
        translate(lang, "費用（円）"),
        translate(lang, "票"),
        translate(lang, "集計で選ばれた"),
        translate(lang, "決定で採用"),
        translate(lang, "取り下げ"),
        translate(lang, "投票した人"),
        translate(lang, "白票"),
        translate(lang, "集計した時刻（日本時間）"),
        translate(lang, "集計に入れたもののハッシュ"),
    )


def _option_rows(
    record: ResultRecord, chosen: set[tuple[str, str]], decided: set[tuple[str, str]], lang: str
) -> list[Row]:
    counted = (
        record.report["voters"],
        record.report["blank"],
        japan_time(record.computed_at),
        record.inputs_sha256,
    )
    return [
        (
            option.proposal,
            record.proposal_title(option.proposal, lang),
            place.site,
            record.site_title(place.site, lang),
            place.cost_yen,
            record.report["approvals"].get(option.proposal, 0),
            int((option.proposal, place.site) in chosen),
            int((option.proposal, place.site) in decided),
            int(option.withdrawn is not None),
            *counted,
        )
        for option in record.options
        for place in option.places
    ]


def _standing(places: Any) -> set[tuple[str, str]]:
    return {(place["proposal"], place["site"]) for place in places}


def _option(option: OptionRecord) -> Mapping[str, Any]:
    return {
        "proposal": option.proposal,
        "title": dict(option.title),
        "version": option.version,
        "model_sha256": option.model_sha256,
        "places": [
            {"site": place.site, "title": dict(place.title), "cost_yen": place.cost_yen} for place in option.places
        ],
        "withdrawn": option.withdrawn,
    }


def _decision(decision: DecisionRecord) -> Mapping[str, Any]:
    return {
        "version": decision.version,
        "decided_at": iso(decision.decided_at),
        "selected": [dict(place) for place in decision.selected],
        "differs": decision.differs,
        "reason": decision.reason,
        "conditions": decision.conditions,
        "next_steps": decision.next_steps,
        "changed_because": decision.changed_because,
    }


def _poll(poll: PollRecord) -> Mapping[str, Any]:
    return {
        "title": poll.title,
        "source": poll.source,
        "held_on": poll.held_on,
        "counts": dict(poll.counts),
        "note": poll.note,
    }
