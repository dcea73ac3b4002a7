"""The settings, read once from the environment. A bad value stops the start and says which one it was."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from app.errors import NotReady

PREFIX = "ENDTERM_"


class Settings(BaseModel):
    """All that an installation can choose. Each name is read from the environment as ENDTERM_NAME."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str = ""
    """Empty for SQLite in `directory`, or sqlite:///path, or postgresql+psycopg://user@host/name."""

    directory: Path = Path("var")
    """Where the SQLite files live."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)

    timezone: str = "Europe/Berlin"
    """Where exams are sat: the pages show local times of this zone."""

    registration: Literal["open", "closed"] = "open"
    """Whether students may make their own accounts."""

    secure_cookies: bool = False
    """True behind HTTPS: the session cookie is never sent over a plain connection."""

    session_hours: int = Field(24 * 14, ge=1)
    """How long a sign-in lasts."""

    jobs: Literal["here", "elsewhere"] = "here"
    """Whether the web process runs the jobs too, or leaves them to `endterm worker` (PostgreSQL only)."""

    trusted_proxies: str = "127.0.0.1"
    """Whose word on the browser's address and on HTTPS counts: addresses or networks, with commas."""

    log_format: Literal["auto", "json", "human"] = "auto"
    """How the log is written to standard error; auto is for people on a terminal, else JSON lines."""

    metrics_token: str = ""
    """Who sends it as a bearer may read /metrics from elsewhere; empty: only this machine may."""

    @field_validator("metrics_token")
    @classmethod
    def _long_token(cls, token: str) -> str:
        if token and len(token) < 16:
            raise ValueError("must have at least 16 characters")
        return token

    saves_per_second: float = Field(20, gt=0)
    """How often one attempt may save in the long run, and fifty times as much at once; each 4 KiB count as one."""

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("must start with sqlite:/// or postgresql+psycopg://")
        return url

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("is no time zone; a name such as Europe/Berlin is expected") from error
        return name

    @property
    def database(self) -> str:
        """The address of the database, the default filled in."""
        return self.database_url or f"sqlite:///{self.directory / 'endterm.sqlite3'}"

    @property
    def address(self) -> str:
        """Where browsers find the app, without a proxy."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def shared_numbers(self) -> Path | None:
        """Where the processes of this machine leave what they count; None if there is one only."""
        return self.directory / "numbers" if self.jobs == "elsewhere" else None

    @property
    def session_cookie(self) -> str:
        """The cookie's name; with the prefix, browsers take it from this host over HTTPS only."""
        return "__Host-endterm" if self.secure_cookies else "endterm"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read every variable that starts with ENDTERM_; an unknown one is an error, not ignored."""
        given = {
            name.removeprefix(PREFIX).lower(): value
            for name, value in environment.items()
            if name.startswith(PREFIX)
        }
        try:
            return cls.model_validate(given)
        except ValidationError as fault:
            raise NotReady(_complaints(fault)) from fault


def _complaints(fault: ValidationError) -> str:
    lines = [f"{PREFIX}{str(error['loc'][0]).upper()}: {error['msg']}" for error in fault.errors()]
    return "These settings cannot be used.\n" + "\n".join(lines)
