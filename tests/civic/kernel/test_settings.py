"""What may be set from outside, and what production refuses."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from civic.kernel.errors import StartRefused
from civic.kernel.settings import Settings, check_production

GOOD = {
    "CIVIC_MODE": "production",
    "CIVIC_SECRET_KEY": "k" * 40,
    "CIVIC_LINE_CHANNEL_SECRET": "s" * 32,
    "CIVIC_LINE_CHANNEL_ACCESS_TOKEN": "t" * 40,
}


def read(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings(_env_file=None)


def test_defaults_are_one_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, {})
    assert settings.resolved_database_url == "sqlite+aiosqlite:///var/civic.sqlite3"
    assert settings.resolved_keys_dir == Path("var/keys")
    assert settings.is_sqlite


def test_several_channel_secrets_for_a_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, {"CIVIC_LINE_CHANNEL_SECRET": "old, new"})
    assert [secret.get_secret_value() for secret in settings.line_channel_secret] == ["old", "new"]


def test_a_file_env_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("CIVIC_BASE_URL=https://vote.example.jp/\n")
    monkeypatch.chdir(tmp_path)
    assert Settings().base_url == "https://vote.example.jp"


@pytest.mark.parametrize("name", ["CIVIC_BASE_URL", "CIVIC_LINE_API_URL"])
def test_addresses_are_http(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(ValidationError):
        read(monkeypatch, {name: "ftp://example.jp"})


def test_a_complete_production_starts_even_with_a_local_line(monkeypatch: pytest.MonkeyPatch) -> None:
    check_production(read(monkeypatch, GOOD | {"CIVIC_LINE_API_URL": "http://127.0.0.1:9"}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CIVIC_SECRET_KEY", "short"),
        ("CIVIC_SECRET_KEY", "change-me"),
        ("CIVIC_LINE_CHANNEL_SECRET", ""),
        ("CIVIC_LINE_CHANNEL_SECRET", f"{'s' * 32},x"),
        ("CIVIC_LINE_CHANNEL_ACCESS_TOKEN", ""),
    ],
)
def test_production_wants_real_secrets(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(StartRefused) as refused:
        check_production(read(monkeypatch, GOOD | {name: value}))
    assert name in refused.value.sentence("ja")
    assert name in refused.value.sentence("en")


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, GOOD)
    assert "kkkk" not in repr(settings)
    assert "tttt" not in repr(settings)


def test_sqlite_has_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StartRefused):
        check_production(read(monkeypatch, {}), workers=2)
    postgres = {"CIVIC_DATABASE_URL": "postgresql+psycopg://x"}
    check_production(read(monkeypatch, postgres), workers=2)
