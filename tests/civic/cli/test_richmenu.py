"""``civic richmenu publish``: once, again without harm, and only said with --dry-run."""

import asyncio
import json

import pytest
import structlog
from support.databases import new_sqlite
from support.line import TOKEN
from support.servers import simulated_line
from typer.testing import CliRunner

from civic.cli import app


@pytest.fixture(autouse=True)
def logging_as_before():
    """A command binds the log to its own stderr, which is closed when it has run here."""
    yield
    structlog.reset_defaults()


@pytest.fixture
def run(tmp_path):
    new_sqlite(tmp_path)

    def run(url, *arguments, token=TOKEN):
        env = {
            "CIVIC_DATA_DIR": str(tmp_path),
            "CIVIC_LINE_API_URL": url,
            "CIVIC_LINE_CHANNEL_ACCESS_TOKEN": token,
        }
        return CliRunner().invoke(app, ["richmenu", "publish", *arguments], env=env)

    return run


async def test_it_is_published_once_and_a_dry_run_changes_nothing(run):
    async with simulated_line() as (simulator, _, url):
        menus = simulator.channel.menus

        async def publish(*arguments):
            done = await asyncio.to_thread(run, url, "--json", *arguments)
            assert done.exit_code == 0
            return json.loads(done.stdout)

        all_three = ["ja", "ja@easy", "en"]
        assert await publish("--dry-run") == {"created": all_three, "removed": [], "dry_run": True}
        assert menus.menus == {}
        assert (await publish())["created"] == all_three
        assert (len(menus.menus), len(menus.aliases), menus.default in menus.menus) == (3, 3, True)
        assert (await publish())["created"] == []


async def test_what_is_done_is_said_in_both_languages(run):
    async with simulated_line() as (_, _, url):
        done = await asyncio.to_thread(run, url)
        assert "メニューを 3 個登録し" in done.stderr
        assert "Menus created: 3" in done.stderr


def test_without_line_it_says_so(run):
    done = run("http://127.0.0.1:9")
    assert done.exit_code == 1
    assert "rich_menu_call_failed" in done.stderr


def test_without_a_token_it_says_which_setting(run, monkeypatch):
    monkeypatch.delenv("CIVIC_LINE_CHANNEL_ACCESS_TOKEN", raising=False)
    done = run("http://127.0.0.1:9", token=None)
    assert done.exit_code == 1
    assert "CIVIC_LINE_CHANNEL_ACCESS_TOKEN" in done.stderr
