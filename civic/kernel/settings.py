"""Settings: environment variables ``CIVIC_…`` or a file ``.env``; see docs/operations.md."""

import json
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from civic.kernel.errors import StartRefused
from geodata.ingest.limits import Limits, limits_from

LINE_API_URL = "https://api.line.me"
LINE_LOGIN_URL = "https://access.line.me/oauth2/v2.1"
_EXAMPLE_SECRETS = ("change-me", "changeme", "example", "secret", "demo-")
_SHORTEST_SECRET = 32


def _limits(value: object) -> Limits:
    """The gate's limits from an object of those that are set; ValueError with a sentence for anything else."""
    if isinstance(value, Limits):
        return value
    try:
        overrides = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        overrides = None
    if not isinstance(overrides, dict):
        raise ValueError('a JSON object is wanted, such as {"triangles": 300000}')
    return limits_from(overrides)


class Settings(BaseSettings):
    """Everything that can be set from outside. Each field is the variable ``CIVIC_`` + its name."""

    model_config = SettingsConfigDict(env_prefix="CIVIC_", env_file=".env", extra="ignore", frozen=True)

    mode: Literal["demo", "development", "production"] = "development"
    data_dir: Path = Path("var")
    keys_dir: Path | None = None
    database_url: str | None = None
    base_url: str = "http://127.0.0.1:8000"
    secret_key: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    line_channel_secret: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    line_channel_access_token: SecretStr | None = None
    line_api_url: str = LINE_API_URL
    line_timeout_s: float = Field(default=15.0, gt=0, le=20)
    line_multicasts_per_s: float = Field(default=200.0, ge=0)
    organiser: str = Field(default="あったらいいな運営事務局", max_length=60)
    line_basic_id: str = Field(default="", pattern=r"^(@[a-z0-9._-]{1,30})?$")
    line_login_channel_id: str = Field(default="", pattern=r"^\d*$")
    line_login_channel_secret: SecretStr | None = None
    line_login_authorize_url: str = f"{LINE_LOGIN_URL}/authorize"
    line_login_token_url: str = f"{LINE_API_URL}/oauth2/v2.1/token"
    line_login_jwks_url: str = f"{LINE_API_URL}/oauth2/v2.1/certs"
    liff_id: str = Field(default="", pattern=r"^(\d+-\w+)?$")
    keep_days: int = Field(default=30, ge=7, le=3650)
    gate_limits: Annotated[Limits, NoDecode, BeforeValidator(_limits)] = Limits()

    @field_validator("secret_key", "line_channel_secret", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(SecretStr(part.strip()) for part in value.split(",") if part.strip())
        return value

    @field_validator("base_url", "line_api_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("an http(s) address is wanted, such as https://vote.example.jp")
        return value.rstrip("/")

    @property
    def resolved_database_url(self) -> str:
        """The database: as set, else SQLite in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'civic.sqlite3'}"

    @property
    def resolved_keys_dir(self) -> Path:
        """The folder of ballot keys: as set, else ``keys`` in the data folder."""
        return self.keys_dir or self.data_dir / "keys"

    @property
    def has_liff(self) -> bool:
        """Whether there is a LIFF app, and the channel whose id tokens it gives."""
        return bool(self.liff_id and self.line_login_channel_id)

    @property
    def has_line_login(self) -> bool:
        """Whether people can sign in with LINE outside of LINE."""
        secret = self.line_login_channel_secret
        return bool(self.line_login_channel_id and secret and secret.get_secret_value())

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.resolved_database_url.startswith("sqlite")


def check_production(settings: Settings, workers: int = 1) -> None:
    """Refuse an unsafe start: StartRefused when production lacks a secret, or SQLite has several processes."""
    if settings.is_sqlite and workers > 1:
        raise StartRefused(
            "sqlite_one_process",
            "SQLite では 1 つのプロセスだけで動きます。--workers を 1 にするか、"
            "CIVIC_DATABASE_URL に PostgreSQL を設定してください。",
        )
    if settings.mode != "production":
        return
    for secret in settings.secret_key or (None,):
        _want_secret("CIVIC_SECRET_KEY", secret, _SHORTEST_SECRET)
    _want_secret("CIVIC_LINE_CHANNEL_ACCESS_TOKEN", settings.line_channel_access_token, 8)
    for secret in settings.line_channel_secret or (None,):
        _want_secret("CIVIC_LINE_CHANNEL_SECRET", secret, 8)


def _want_secret(name: str, secret: SecretStr | None, shortest: int) -> None:
    value = secret.get_secret_value() if secret else ""
    if value.lower().startswith(_EXAMPLE_SECRETS) or len(value) < shortest:
        raise StartRefused(
            "secret_missing",
            "本番では {name} が必要です（{shortest} 文字以上、見本の値は使えません）。"
            "設定してから起動してください。",
            name=name,
            shortest=shortest,
        )
