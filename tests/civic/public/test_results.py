"""The page of a result: every proposal with its reason, the draw, what was decided, and how to count it again."""

import asyncio
import gzip
import re
import shlex
import subprocess
from datetime import timedelta
from html import unescape

import pytest
from support.site import Site
from support.tiny_programme import BALLOT, load_programme, write_tiny_programme
from typer.testing import CliRunner

from civic.cli.tally import app as tally
from civic.jobs.studies import study_results
from civic.kernel.i18n import LANGUAGES
from civic.tallies.actions import correct_decision, decide, name_beacon, record_poll
from civic.tallies.rules import Correction, PollDraft, Words
from tests.civic.tallies.story import draw_lot
from webhooks.line.answers.results import show_results
from webhooks.line.channel import open_drain

RESULTS = f"/b/{BALLOT}/results"


def words(text: str) -> str:
    """The text of a page without its tags, spaces as one."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text.split("</head>")[-1])))


def commands(text: str) -> list[str]:
    """What the page says to type into a shell."""
    return [unescape(line) for line in re.findall(r'<pre class="command"><code>(.*?)</code>', text, re.DOTALL)]


async def act(site: Site, action, *arguments, slug: str = BALLOT, **named) -> None:
    """One action of staff, a minute later."""
    site.clock.pass_by(timedelta(minutes=1))
    async with site.context.database.writing() as session:
        await action(session, "staff", slug, *arguments, now=site.clock(), **named)


async def test_reasons_come_with_the_study_and_the_page_says_less_before(voted_site):
    """Plaza: bench 2 votes, tree 1. One more vote makes them level, and then the tree wins, which is cheaper."""
    await voted_site.seal()
    before = words((await voted_site.get(RESULTS, "en")).text)
    assert "Wooden bench 2 Chosen. Place: Station plaza" in before
    assert "Not chosen" not in before
    assert "It chooses the same proposals as the result." in before
    await study_results(voted_site.context)
    voted_site.clock.pass_by(timedelta(seconds=2))
    after = words((await voted_site.get(RESULTS, "en")).text)
    reason = "Not chosen: at “Station plaza” more people voted for “Wooden bench”."
    assert f"Big tree 1 {reason} With 1 more vote for it alone it would have been chosen." in after
    assert "The closest race: with 1 more vote for “Big tree” alone" in after
    assert "“Wooden bench” would have lost its place." in after
    # U1 and U2 chose the bench, U1 and U3 the stage, U4 nothing.
    assert "Of 4 people who voted, 3 had chosen at least one of the selected proposals." in after


@pytest.fixture
async def level_site(open_site):
    """Another ballot, where bench and tree cost the same on the plaza and have a vote each: a lot must decide."""
    folder = open_site.context.settings.data_dir / "other"
    write_tiny_programme(folder, now=open_site.clock(), slug="level")
    text = (folder / "programme.yaml").read_text().replace('"slug": "tiny"', '"slug": "other"')
    (folder / "programme.yaml").write_text(text.replace("800000", "1000000"))
    await load_programme(open_site.context, folder)
    await open_site.open_ballot("level")
    await open_site.vote("U1", "bench", slug="level")
    await open_site.vote("U2", "tree", slug="level")
    await open_site.seal("level")
    return open_site


async def test_a_tie_waits_is_drawn_in_public_and_can_be_drawn_again(level_site):
    async def results() -> str:
        return (await level_site.get("/b/level/results", "en")).text

    waiting = words(await results())
    assert "Station plaza: “Wooden bench”, “Big tree” are level in votes and cost. A public draw will" in waiting
    assert "Chosen." not in waiting
    assert "What the draw uses" not in waiting

    await act(level_site, name_beacon, "日経平均 10月16日の終値", slug="level")
    named = words(await results())
    assert "What the draw uses 日経平均 10月16日の終値 Announced:" in named
    assert "As soon as it is known, the lots are drawn and shown here." in named

    level_site.clock.pass_by(timedelta(minutes=1))
    await draw_lot(level_site.context, "level", "38,471.20", "https://example.jp/<index>")
    await study_results(level_site.context)
    level_site.clock.pass_by(timedelta(seconds=2))
    page = await results()
    drawn = words(page)
    assert "The result is final." in drawn
    assert "are level in votes and cost. A public draw decided." in drawn
    assert "What came out 38,471.20 Source: https://example.jp/<index>" in drawn
    lots = await drawn_again(page)
    first, second = [proposal for _, proposal in lots if proposal in ("bench", "tree")]
    titles = {"bench": "Wooden bench", "tree": "Big tree"}
    assert f"{titles[first]} 1 Chosen. Place: Station plaza" in drawn
    assert f"{titles[second]} 1 Not chosen: it was level in votes and cost, and the public draw chose" in drawn
    assert [lot for lot, _ in lots] == re.findall(r"\b[0-9a-f]{64}\b", drawn)[: len(lots)]


async def told_everywhere(site: Site) -> list[str]:
    """How far the ballot is, on each page that names it and in the chat's list of results."""
    paths = ("/", "/p/tiny", "/b/level")
    pages = [(await site.get(path, "en")).text for path in paths]
    states = [said for page in pages for said in re.findall(r'<span class="state [^>]*>([^<]*)<', page)]
    async with site.context.database.reading() as session:
        chat = await show_results(open_drain(site.context).conversation.desk, session, "en")
    return [*states, *re.findall(r"A lot is still to be drawn|Results are in", chat.decode())]


async def test_no_page_nor_the_chat_calls_a_tie_a_result_before_its_lot(level_site):
    assert "A lot is still to be drawn" in (before := await told_everywhere(level_site))
    assert not {"Results are out", "Results are in"} & {*before}
    await act(level_site, name_beacon, "index", slug="level")
    await draw_lot(level_site.context, "level", "38,471.20", "https://example.jp/")
    after = await told_everywhere(level_site)
    assert "A lot is still to be drawn" not in after
    assert {"Results are out", "Results are in"} <= {*after}


async def drawn_again(page: str) -> list[list[str]]:
    """What the shown command prints: (lot, proposal), the smallest lot first."""
    [typed] = [line for line in commands(page) if line.startswith("python3")]
    done = await asyncio.to_thread(subprocess.run, shlex.split(typed), check=True, capture_output=True, text=True)
    return [line.split() for line in done.stdout.splitlines()]


async def test_a_decision_shows_its_conditions_and_how_it_was_changed_never_the_memo(voted_site):
    await voted_site.seal()
    said = Words("夜は閉める", "10月に設置する", "内部のメモ")
    await act(voted_site, decide, ["bench"], "票が多い", words=said)
    first = (await voted_site.get(RESULTS, "en")).text
    assert "Conditions: 夜は閉める What comes next: 10月に設置する" in words(first)
    assert "This decision was changed later." not in first
    change = Correction(1, ["tree"], "根がはれない")
    await act(voted_site, correct_decision, change, "木にする")
    second = (await voted_site.get(RESULTS, "en")).text
    assert re.search(
        "Big tree Reason: 木にする Why it was changed: 根がはれない .* Wooden bench Reason: 票が", words(second)
    )
    assert "内部のメモ" not in first + second


async def test_a_poll_from_elsewhere_stands_apart_and_is_not_added(voted_site):
    await voted_site.seal()
    poll = PollDraft("会場のシール", "ワークショップの記録", "2026-10-10", {"tree": 900, "どれでもよい": 1})
    await act(voted_site, record_poll, poll)
    text = words((await voted_site.get(RESULTS, "en")).text)
    apart = text[text.index("Polls held elsewhere") :]
    assert "会場のシール Sat 10 Oct 2026 — Source: ワークショップの記録 Big tree 900 どれでもよい 1" in apart
    assert "Big tree 1 " in text[: text.index("Polls held elsewhere")]


async def test_the_published_file_counted_by_the_shown_command_gives_the_shown_winners(voted_site, tmp_path):
    await voted_site.seal()
    [command] = commands((await voted_site.get(RESULTS, "en")).text)
    _, _, file, *flags = shlex.split(command)
    answer = await voted_site.get(f"{RESULTS}.pb")
    assert f'filename="{file}"' in answer.headers["content-disposition"]
    (tmp_path / file).write_bytes(answer.body)
    counted = CliRunner().invoke(tally, [str(tmp_path / file), *flags])
    assert counted.stdout.split() == ["bench", "stage"]


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_every_language_is_light_and_leads_to_all_files(voted_site, lang):
    """30 kB on the way to a phone; without any script."""
    await voted_site.seal()
    answer = await voted_site.get(RESULTS, lang)
    assert len(gzip.compress(answer.body)) < 30_000
    assert "<script" not in answer.text
    assert all(f'href="{RESULTS}.{ending}' in answer.text for ending in ("csv", "pb", "json"))


async def test_the_rule_can_be_read_at_length_before_the_vote(site):
    text = words((await site.get(f"/b/{BALLOT}", "en")).text)
    assert "Read the rule at length Each site is looked at alone." in text
    assert "If votes are level, the proposal that costs less comes first." in text
