"""``civic ballot``: open, close, send, tally, study, draw and decide."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from civic.ballots.actions import close_ballot, open_ballot
from civic.ballots.queries import Law, ballot_by_slug, law_of
from civic.ballots.rules import COUNTING_STATES
from civic.cli.output import print_json, tell
from civic.cli.running import ACTOR, with_context
from civic.installations.actions import adopt
from civic.jobs.ballots import advance_ballots
from civic.jobs.studies import fresh_study
from civic.kernel.context import Context
from civic.kernel.errors import Conflict
from civic.outbox.about import ANNOUNCEMENT, About
from civic.tallies.actions import decide as record_decision
from civic.tallies.actions import draw_lots
from civic.tallies.counting import count_log, report_of
from civic.tallies.draws import Announced
from civic.tallies.queries import count_for_draw, effective_result, published_tally, require_published
from civic.tallies.robustness.types import Study
from civic.tallies.rules import Words
from webhooks.line import inbox
from webhooks.line.announcing import ask_line
from webhooks.line.channel import open_drain
from webhooks.line.planning import Plan

app = typer.Typer(help="投票 / ballots", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object")]


@app.command("open")
def open_(slug: str) -> None:
    """今すぐ投票を始めます。ルールと候補はここで固定されます / open now; rules and options freeze."""

    async def work(context: Context) -> str | None:
        async with context.database.writing() as session:
            await ballot_by_slug(session, slug, lock=True)
            ballot = await open_ballot(session, ACTOR, slug, context.clock(), context.keys, at_once=True)
            return ballot.manifest_sha256

    sha256 = with_context(work)
    tell("投票「{ballot}」を始めました。内容の指紋（SHA-256）は {sha256} です。", ballot=slug, sha256=sha256)


@app.command("close")
def close(slug: str) -> None:
    """今すぐ投票を締め切ります / close now; recorded as a public notice."""

    async def work(context: Context) -> None:
        async with context.database.writing() as session:
            # First the lock, then the time: a vote answered while we waited for it still came before the close.
            await ballot_by_slug(session, slug, lock=True)
            await close_ballot(session, ACTOR, slug, context.clock(), at_once=True)

    with_context(work)
    tell("投票「{ballot}」を締め切りました。", ballot=slug)


@app.command("send")
def send(
    slug: str,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="plan only, write nothing")] = False,
    anyway: Annotated[bool, typer.Option("--anyway", help="also when the month's limit is too small")] = False,
    as_json: AsJson = False,
) -> None:
    """投票のお知らせを友だち全員に送ります（送信はワーカー） / plan the announcement; the worker sends it."""
    plan = with_context(lambda context: _send(context, slug, dry_run, anyway))
    quota = plan.quota
    if as_json:
        limits = {"limit": quota.limit, "used": quota.used} if quota else {"limit": None, "used": None}
        print_json({"recipients": plan.recipients, "messages": plan.messages, "quota": limits})
    if quota is None:
        tell("LINE から今月の残り通数を聞けませんでした。LINE 公式アカウントの管理画面で確かめてください。")
    if plan.states:
        tell("このお知らせはもう送る準備ができています。新しく送るものはありません。")
        tell("送信の状態: {states}", states=", ".join(f"{state} {n}" for state, n in plan.states.items()))
    elif not plan.recipients:
        tell("まだだれも友だちになっていないので、送る相手がいません。")
    elif dry_run:
        tell("{recipients} 人に 1 通ずつ送ることになります。まだ何も送っていません。", recipients=plan.recipients)
    else:
        tell("{recipients} 人に 1 通ずつ送ります。送信はワーカーが行います。", recipients=plan.recipients)


@app.command("tally")
def tally(slug: str, as_json: AsJson = False) -> None:
    """締め切った投票を集計します / count a closed ballot; exit 1 before it is closed."""
    report = with_context(lambda context: _tally(context, slug))
    if as_json:
        print_json(report)
        return
    tell("投票「{ballot}」 状態: {status} 投票者 {voters} 人（白票 {blank}、無効な時刻 {late}）", **report)
    for proposal, approvals in sorted(report["approvals"].items(), key=lambda item: -item[1]):
        typer.echo(f"{approvals:>8}  {proposal}")
    _print_places(report["selected"])


@app.command("study")
def study(slug: str) -> None:
    """結果がどれほど確かか、もう一度計算します / compute again how robust a result is, and print it as JSON."""

    async def work(context: Context) -> Study:
        async with context.database.reading() as session:
            await require_published(session, slug)
        return await fresh_study(context, slug)

    print_json(asdict(with_context(work)))


@app.command("draw")
def draw(
    slug: str,
    value: Annotated[str, typer.Option("--value", help="the named public value, as it was published")],
    source: Annotated[str, typer.Option("--source", help="where it was published")],
) -> None:
    """同数の案をくじで決めます / draw an open tie by the public value that was named for it."""

    async def work(context: Context) -> list[dict[str, Any]]:
        async with context.database.reading() as session:
            counted = await count_for_draw(session, slug)
        async with context.database.writing() as session:
            announced = Announced(value, source)
            drawn = await draw_lots(session, ACTOR, slug, announced, counted, context.clock())
            return drawn.selected or []

    selected = with_context(work)
    tell("投票「{ballot}」のくじを引きました。", ballot=slug)
    _print_places(selected)


@app.command("decide")
def decide(
    slug: str,
    select: Annotated[list[str], typer.Option("--select", metavar="PROPOSAL...", help="what was decided")],
    reason: Annotated[str, typer.Option("--reason", help="public reason")],
    condition: Annotated[str, typer.Option("--condition", help="public condition")] = "",
    more: Annotated[list[str] | None, typer.Argument(metavar="[PROPOSAL]...", hidden=True)] = None,
) -> None:
    """決定を理由といっしょに記録します / record the decision beside the computed result."""

    async def work(context: Context) -> bool:
        async with context.database.writing() as session:
            now = context.clock()
            chosen = [*select, *(more or [])]
            decision = await record_decision(session, ACTOR, slug, chosen, reason, now, Words(condition))
            await adopt(session, ACTOR, decision, now)
            return decision.differs

    differs = with_context(work)
    tell("投票「{ballot}」の決定を記録しました。", ballot=slug)
    if differs:
        tell("決定は集計の結果と異なります。理由は公開されます。")


def _print_places(places: list[dict[str, Any]]) -> None:
    for place in places:
        typer.echo(f"  -> {place['proposal']} @ {place['site']} ({place['cost_yen']:,} yen)")


async def _send(context: Context, slug: str, dry_run: bool, anyway: bool) -> Plan:
    announcer = await ask_line(context)
    about = About(ANNOUNCEMENT, slug)
    async with context.database.reading() as session:
        if dry_run:
            return _fitting(await announcer.preview(session, about), anyway)
        draft = await announcer.draft(session, about)
    async with context.database.writing() as session:
        await ballot_by_slug(session, slug, lock=True)
        return await draft.plan(session, ACTOR, context.clock(), anyway=anyway)


def _fitting(plan: Plan, anyway: bool) -> Plan:
    if plan.trouble is not None and not anyway:
        raise plan.trouble
    return plan


async def _tally(context: Context, slug: str) -> dict[str, Any]:
    async with context.database.reading() as session:
        state = (await ballot_by_slug(session, slug)).state
    if state not in {"closed", *COUNTING_STATES}:
        raise Conflict(
            "ballot_not_closed",
            "投票「{ballot}」はまだ締め切っていません（今は「{state}」）。締め切ったあとに集計できます。",
            ballot=slug,
            state=state,
        )
    context.keys.require([slug])
    await open_drain(context).run_dry()
    while await advance_ballots(context, inbox.unfinished_before):
        pass
    async with context.database.reading() as session:
        frozen = await published_tally(session, slug)
        if frozen is not None:
            return await effective_result(session, frozen.ballot_id)
        law: Law = await law_of(session, await ballot_by_slug(session, slug))
        return report_of(law, (await count_log(session, law)).count)
