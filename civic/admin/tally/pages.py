"""What the planner's tally page shows; all of it is there only after the sealing."""

from dataclasses import dataclass

from civic.admin.draws import DrawView
from civic.admin.pages_ballots import Named
from civic.web.charts import Bars, Columns, Stacked
from civic.web.pictures import PictureView
from civic.web.results import Place


@dataclass(frozen=True)
class Fact:
    """A number or a hash with what it is."""

    name: str
    value: str


@dataclass(frozen=True)
class Download:
    """A file of the result; ``label`` says which format."""

    label: str
    path: str


@dataclass(frozen=True)
class Head:
    """What the ballot was, and how it ended: ``state`` is that of the report, or ``decided``."""

    state: str
    state_words: str
    period: str
    rule: str
    participation: str
    facts: tuple[Fact, ...]
    computed: str
    hashes: tuple[Fact, ...]
    downloads: tuple[Download, ...]


@dataclass(frozen=True)
class FateRow:
    """A proposal on a site: its votes, its cost, and why it won there or not. Bars are percent of the widest."""

    name: str
    title: str
    path: str
    picture: PictureView | None
    votes: str
    votes_bar: float
    cost: str
    cost_bar: float
    won: bool
    status: str
    reason: str


@dataclass(frozen=True)
class SiteResult:
    """What could stand on a site, most approved first; ``anchor`` is unique on the page."""

    anchor: str
    site: str
    rows: tuple[FateRow, ...]


@dataclass(frozen=True)
class Spot:
    """A winner on the map, ``radius`` by its votes; ``path`` leads to its site's table."""

    number: int
    x: float
    y: float
    radius: float
    path: str
    title: str
    site: str
    votes: str


@dataclass(frozen=True)
class WinnersMap:
    """The sites of a ballot with who won there; in metres, as civic.web.plan_sheet draws. North is up."""

    view_box: str
    sites: str
    spots: tuple[Spot, ...]
    north: str
    north_x: float
    north_y: float
    bar: str
    bar_x: float
    bar_y: float
    bar_m: int
    text_m: float


@dataclass(frozen=True)
class Change:
    """A winner of another budget, or one of the result that it would lose; ``mark`` is ``+``, ``-`` or ``=``."""

    mark: str
    words: str
    place: Place
    votes: str


@dataclass(frozen=True)
class WhatIf:
    """The answer to a typed budget; never the result."""

    title: str
    sentences: tuple[str, ...]
    changes: tuple[Change, ...]
    gauge: Stacked | None
    map: WinnersMap | None


@dataclass(frozen=True)
class BudgetForm:
    """The budget slider, in yen. ``trouble`` says what was wrong with what was typed."""

    most: int
    step: int
    typed: str
    trouble: str
    what_if: WhatIf | None


@dataclass(frozen=True)
class RuleColumn:
    """A rule in the comparison; ``facts`` are its numbers in the order of ``RulesView.headings``."""

    method: str
    is_the_rule: bool
    status: str
    facts: tuple[str, ...]
    overlap: str


@dataclass(frozen=True)
class RulesCell:
    """Whether a rule selects a proposal, and whether the ballot's own rule says otherwise."""

    won: bool
    differs: bool


@dataclass(frozen=True)
class RulesRow:
    """A proposal that some rule selects; a cell for each rule."""

    title: str
    cells: tuple[RulesCell, ...]


@dataclass(frozen=True)
class RulesView:
    """What each rule would have said."""

    columns: tuple[RuleColumn, ...]
    rows: tuple[RulesRow, ...]
    headings: tuple[str, ...]
    agree: bool


@dataclass(frozen=True)
class Table:
    """Numbers without a drawing; a hidden one says so. ``name`` is unique on the page."""

    name: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Finding:
    """One question about how robust the result is: the answer, its numbers, and what they do not mean."""

    title: str
    sentences: tuple[str, ...]
    not_meant: str
    bars: Bars | None = None
    columns: Columns | None = None
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True)
class TargetField:
    """The field for the planning figure of a relation, in percent."""

    relation: str
    label: str
    typed: str


@dataclass(frozen=True)
class RakingView:
    """The form for raking, and its answer: side by side, or why not."""

    targets: tuple[TargetField, ...]
    source: str
    held_on: str
    trouble: str
    sentences: tuple[str, ...]
    table: Table | None


@dataclass(frozen=True)
class OutsideView:
    """A poll held elsewhere: shown apart, never added."""

    title: str
    facts: tuple[Fact, ...]
    note: str
    table: Table


@dataclass(frozen=True)
class DecisionLine:
    """The decision as it stands; ``withheld`` while there is none."""

    at: str
    places: tuple[Place, ...]
    reason: str
    differs: bool
    version: int
    conditions: str
    next_steps: str


@dataclass(frozen=True)
class RecountWays:
    """Commands that count again: with the log, and with the published file alone (empty where that cannot be)."""

    with_log: tuple[str, ...]
    with_file: str


@dataclass(frozen=True)
class TallyView:
    """The whole of a sealed tally. ``rules`` and ``findings`` are empty until the study is made."""

    head: Head
    answer: tuple[str, ...]
    sites: tuple[SiteResult, ...]
    map: WinnersMap | None
    gauge: Stacked | None
    budget: BudgetForm
    rules: RulesView | None
    findings: tuple[Finding, ...]
    raking: RakingView | None
    ties: tuple[str, ...]
    decision: DecisionLine | None
    outside: tuple[OutsideView, ...]
    recount: RecountWays


@dataclass(frozen=True)
class TallyPage:
    """``/admin/ballots/{slug}/tally``; ``view`` is None until the ballot is sealed and counted.

    ``paper`` is the form for printing: all tables open, no forms. ``draw`` is the lot of a tie, if there is one.
    """

    ballot: Named
    path: str
    paper: bool
    view: TallyView | None
    draw: DrawView | None
