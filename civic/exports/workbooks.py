"""A result as an Excel workbook. Texts are written as texts, so that none of them can become a formula."""

from collections.abc import Collection
from io import BytesIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from civic.exports.cells import Row, japan_time
from civic.exports.tallies import result_rows
from civic.exports.types import ResultRecord
from civic.kernel.i18n import localized, translate
from civic.tallies.methods.types import BallotGroup

MOST_GROUPS = 100_000
"""Rows of the sheet of ballots; more than anybody reads, and far below what a sheet holds."""

_WIDEST = 60


def result_xlsx(record: ResultRecord, groups: Collection[BallotGroup] | None, rule: str, lang: str) -> bytes:
    """The workbook: result, options, ballots where they may be published, decisions, polls held elsewhere.

    ``rule`` is the method in words, ``groups`` the merged ballots or None.
    """
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        sheets = {
            translate(lang, "結果"): [
                (translate(lang, "こと"), translate(lang, "値")),
                *_facts(record, rule, lang),
            ],
            translate(lang, "案"): result_rows(record, lang),
            translate(lang, "決定"): _decision_rows(record, lang),
            translate(lang, "ほかの調査"): _poll_rows(record, lang),
        }
        if groups is not None and len(groups) <= MOST_GROUPS:
            sheets[translate(lang, "票の組")] = _group_rows(record, groups, lang)
        for name, rows in sheets.items():
            _write(book.add_worksheet(name), rows, heading)
    return content.getvalue()


def _write(sheet: Worksheet, rows: list[Row], heading: Format) -> None:
    """A table with its headings, which stay in sight."""
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, cell, heading if number == 0 else None)
    for column, width in enumerate(_widths(rows)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)


def _widths(rows: list[Row]) -> list[int]:
    """About as wide as the longest text: a Japanese letter takes two places."""
    seen = rows[:200]
    return [min(_WIDEST, 2 + max(_places(str(row[column])) for row in seen)) for column in range(len(rows[0]))]


def _places(text: str) -> int:
    return sum(1 if letter.isascii() else 2 for letter in text)


def _facts(record: ResultRecord, rule: str, lang: str) -> list[Row]:
    report = record.report
    budget = translate(lang, "なし") if record.budget_yen is None else record.budget_yen
    return [
        (translate(lang, "こと"), translate(lang, "値")),
        (translate(lang, "投票の題名"), localized(record.title, lang)),
        (translate(lang, "投票の記号"), record.ballot),
        (translate(lang, "始まり（日本時間）"), japan_time(record.opens_at)),
        (translate(lang, "締め切り（日本時間）"), japan_time(record.closes_at)),
        (translate(lang, "決めかた"), rule),
        (translate(lang, "予算（円）"), budget),
        (translate(lang, "状態"), _status(report["status"], lang)),
        (translate(lang, "投票した人"), report["voters"]),
        (translate(lang, "白票"), report["blank"]),
        (translate(lang, "時間の外の操作"), report["late"]),
        (translate(lang, "数えられない操作"), report["invalid"]),
        (translate(lang, "集計した時刻（日本時間）"), japan_time(record.computed_at)),
        (translate(lang, "きまりと案の一覧のハッシュ"), record.manifest_sha256),
        (translate(lang, "集計に入れたもののハッシュ"), record.inputs_sha256),
    ]


def _status(status: str, lang: str) -> str:
    return {
        "final": translate(lang, "確定"),
        "tie_pending": translate(lang, "同数のため保留"),
        "no_result": translate(lang, "選ばれた案なし"),
    }.get(status, status)


def _group_rows(record: ResultRecord, groups: Collection[BallotGroup], lang: str) -> list[Row]:
    """A row for each choice of proposals that somebody made, the most frequent first; 1 is chosen."""
    standing = [option.proposal for option in record.options if option.withdrawn is None]
    headings = (translate(lang, "人数"), *(record.proposal_title(slug, lang) for slug in standing))
    ordered = sorted(groups, key=lambda group: (-group.count, sorted(group.choices)))
    return [headings, *((group.count, *(int(slug in group.choices) for slug in standing)) for group in ordered)]


def _decision_rows(record: ResultRecord, lang: str) -> list[Row]:
    headings: Row = (
        translate(lang, "版"),
        translate(lang, "決めた時刻（日本時間）"),
        translate(lang, "採用"),
        translate(lang, "集計とちがう"),
        translate(lang, "理由"),
        translate(lang, "条件"),
        translate(lang, "これから"),
        translate(lang, "変えた理由"),
    )
    return [
        headings,
        *(
            (
                decision.version,
                japan_time(decision.decided_at),
                translate(lang, "、").join(
                    f"{record.proposal_title(p['proposal'], lang)} ({record.site_title(p['site'], lang)})"
                    for p in decision.selected
                ),
                int(decision.differs),
                decision.reason,
                decision.conditions,
                decision.next_steps,
                decision.changed_because,
            )
            for decision in record.decisions
        ),
    ]


def _poll_rows(record: ResultRecord, lang: str) -> list[Row]:
    """Numbers from elsewhere, in a sheet of their own: they are never added to the votes."""
    headings = (
        translate(lang, "調査"),
        translate(lang, "出どころ"),
        translate(lang, "行われた日"),
        translate(lang, "答え"),
        translate(lang, "数"),
        translate(lang, "メモ"),
    )
    rows = [
        (poll.title, poll.source, poll.held_on, record.proposal_title(name, lang), votes, poll.note)
        for poll in record.polls
        for name, votes in poll.counts.items()
    ]
    return [headings, *rows]
