"""``civic serve`` starts only where votes are safe, and says in both languages what to do when it does not."""

import re
import signal
import urllib.request

import pytest
from support.line import BALLOT, prepared, programme, settings_for
from support.servers import civic_server, environment, free_port, run_civic

ENDED = -signal.SIGTERM
"""Uvicorn shuts down in order and then dies of the signal it was sent."""

SECRETS = {
    "CIVIC_MODE": "production",
    "CIVIC_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "CIVIC_LINE_CHANNEL_SECRET": "8c570fa6dd201bb328f1c1eac23a96d8",
    "CIVIC_LINE_CHANNEL_ACCESS_TOKEN": "a-token-of-the-channel",
}


def sqlite_url(folder):
    return f"sqlite+aiosqlite:///{folder / 'civic.sqlite3'}"


def refused(env, folder, *arguments):
    """What a server that refuses to start says: the Japanese sentence, the English one."""
    ended = run_civic(env, folder, "serve", "--port", str(free_port()), *arguments)
    assert ended.code == 1, ended
    assert "Traceback" not in ended.err
    japanese, english = ended.err.strip().splitlines()
    assert re.search(r"[ぁ-ん]", japanese)
    assert not re.search(r"[ぁ-ん]", english)
    return japanese, english


def test_a_second_server_on_the_same_folder_is_refused_and_the_first_goes_on(tmp_path):
    env = environment(tmp_path / "data", sqlite_url(tmp_path))
    with civic_server(env, tmp_path) as server:
        japanese, english = refused(env, tmp_path)
        assert "もう civic serve が動いています" in japanese
        assert "CIVIC_DATA_DIR" in english
        with urllib.request.urlopen(f"{server.url}/readyz", timeout=5) as answer:
            assert answer.status == 200
        assert server.stop() == ENDED


def test_several_processes_need_postgresql(tmp_path):
    japanese, english = refused(environment(tmp_path, sqlite_url(tmp_path)), tmp_path, "--workers", "2")
    assert "SQLite では 1 つのプロセスだけ" in japanese
    assert "CIVIC_DATABASE_URL" in english


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CIVIC_SECRET_KEY", "too-short"),
        ("CIVIC_LINE_CHANNEL_SECRET", "secret"),
        ("CIVIC_LINE_CHANNEL_ACCESS_TOKEN", None),
    ],
)
def test_production_needs_its_secrets(tmp_path, name, value):
    env = environment(tmp_path, sqlite_url(tmp_path), **SECRETS)
    env.pop(name)
    for sentence in refused(env if value is None else {**env, name: value}, tmp_path):
        assert name in sentence
        assert SECRETS[name] not in sentence


def test_production_starts_with_them(tmp_path):
    with civic_server(environment(tmp_path, sqlite_url(tmp_path), **SECRETS), tmp_path) as server:
        assert server.stop() == ENDED


async def test_an_open_ballot_without_its_key_is_refused(tmp_path):
    folder, url = tmp_path / "data", sqlite_url(tmp_path)
    async with prepared(settings_for(folder, url), programme()):
        pass
    key = folder / "keys" / f"ballot-{BALLOT}.key"
    whole = key.read_bytes()
    key.write_bytes(whole[:-1])
    for sentence in refused(environment(folder, url), tmp_path):
        assert BALLOT in sentence
    key.unlink()
    for sentence in refused(environment(folder, url), tmp_path):
        assert BALLOT in sentence


def test_a_database_that_cannot_be_reached_is_named(tmp_path):
    env = environment(tmp_path, f"postgresql+psycopg://nobody@/none?host={tmp_path}")
    ended = run_civic(env, tmp_path, "serve", "--port", str(free_port()))
    assert ended.code == 1
    assert "データベースにつながりません" in ended.err
    assert "Traceback" not in ended.err


def test_a_setting_that_cannot_be_read_is_named(tmp_path):
    env = environment(tmp_path, sqlite_url(tmp_path), CIVIC_MODE="prod")
    assert "CIVIC_MODE" in refused(env, tmp_path)[0]
