"""An installation to be measured never touches a real one on the same machine."""

from civic.bench.installation import settings_for


def test_the_callers_environment_has_no_say(tmp_path, monkeypatch):
    real = tmp_path / "real"
    monkeypatch.setenv("CIVIC_MODE", "production")
    for name in ("CIVIC_DATA_DIR", "CIVIC_KEYS_DIR"):
        monkeypatch.setenv(name, str(real))
    monkeypatch.setenv("CIVIC_DATABASE_URL", f"sqlite+aiosqlite:///{real / 'civic.sqlite3'}")
    monkeypatch.setenv("CIVIC_SECRET_KEY", "of the real one " * 3)
    settings = settings_for(tmp_path / "bench", "sqlite+aiosqlite://", "a secret")
    assert settings.mode == "development"
    assert settings.secret_key == ()
    assert str(real) not in f"{settings.data_dir} {settings.resolved_keys_dir} {settings.resolved_database_url}"
    assert [secret.get_secret_value() for secret in settings.line_channel_secret] == ["a secret"]
