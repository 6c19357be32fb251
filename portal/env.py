"""The only place that reads the environment."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

ROOT = Path(__file__).resolve().parent.parent


class MissingSetting(Exception):
    """A setting without a default was not given."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSetting(f"{name} is not set. Set it in the environment; it has no default.")
    return value


def flag(name: str, *, default: bool) -> bool:
    return text(name, "true" if default else "false").strip().lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def var_dir() -> Path:
    return Path(text("LAKEWARDEN_VAR", str(ROOT / "var")))


def database(url: str) -> dict[str, object]:
    """A Django database entry of a `postgresql://` URL; `?host=` names a socket directory."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise MissingSetting(f"The database URL must begin with postgresql://, not {parts.scheme}://.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "ATOMIC_REQUESTS": False,
    }
