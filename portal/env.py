"""The only place that reads the environment, and what `up` keeps in the state directory in its stead."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from portal import embedded
from portal.embedded import paths

ROOT = Path(__file__).resolve().parent.parent

# Keys that stand in this repository, and what people type to get past a prompt.
KNOWN_KEYS = {"only-for-tools-that-never-answer-a-request", "only-for-the-suites", "changeme", "secret"}
SHORTEST_KEY = 50
DEMO_LAKE = "LAKEWARDEN_DEMO_LAKE_"


class SettingFault(Exception):
    """The environment does not let the portal start."""


class MissingSetting(SettingFault):
    """A setting without a default was not given."""


class UnsafeSetting(SettingFault):
    """A setting that must not be used where real data are."""


def text(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise MissingSetting(f"{name} is not set. Set it in the environment; it has no default.")
    return value


def flag(name: str, *, default: bool) -> bool:
    return text(name, "true" if default else "false").strip().lower() in {"1", "true", "yes", "on"}


def number(name: str, *, default: int) -> int:
    given = text(name, str(default))
    if not given.isdigit():
        raise UnsafeSetting(f"{name} must be a whole number, not {given!r}.")
    return int(given)


def numbers(name: str, default: str) -> list[int]:
    given = words(name, default)
    if not all(word.isdigit() for word in given):
        raise UnsafeSetting(f"{name} must be whole numbers with commas between, not {given!r}.")
    return [int(word) for word in given]


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def default_settings_module(module: str) -> None:
    """Which settings hold where nobody named any."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", module)


def for_children(**more: str) -> dict[str, str]:
    """The environment of a process we start: ours, settings named, and what it must be told."""
    default_settings_module("portal.settings.dev")
    return {**os.environ, **more}


def for_pytest() -> dict[str, str]:
    """Its settings are named in pyproject.toml; ours would outrank them."""
    return {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}


def var_dir() -> Path:
    return Path(os.path.abspath(text("LAKEWARDEN_VAR", str(ROOT / "var"))))  # noqa: PTH100 - links stay links


def attachments_dir() -> Path:
    """Where the bytes of attachments lie; nothing serves it."""
    return Path(os.path.abspath(text("LAKEWARDEN_ATTACHMENTS", str(var_dir() / "attachments"))))  # noqa: PTH100


def secret(name: str, file: Path | None = None) -> str:
    """A secret of the environment, of the file that `<name>_FILE` names, or of `file`; else empty."""
    named = text(f"{name}_FILE", "")
    if named and not Path(named).exists():
        raise MissingSetting(f"{name}_FILE names {named}, which does not exist.")
    path = Path(named) if named else file
    return text(name, "") or (paths.read_secret(path) if path else "")


def secret_key() -> str:
    return secret("LAKEWARDEN_SECRET_KEY", var_dir() / "secret-key")


def demo_password() -> str:
    return secret("LAKEWARDEN_DEMO_PASSWORD", var_dir() / "demo-password")


def demo_lake() -> dict[str, str]:
    """Address and keys of the demo lake under the names of their variables; empty before the first `up`."""
    kept: dict[str, str] = json.loads(paths.read_secret(var_dir() / "demo-lake.json") or "{}")
    return {f"{DEMO_LAKE}{name}": text(f"{DEMO_LAKE}{name}", value) for name, value in kept.items()}


def adopt_demo_lake() -> None:
    """Let a command in another terminal use the demo lake as the web and the workers do."""
    for name, value in demo_lake().items():
        os.environ.setdefault(name, value)


def is_database_embedded() -> bool:
    return not text("DATABASE_URL", "")


def is_broker_embedded() -> bool:
    return not text("BROKER_URL", "")


def database_url() -> str:
    """The database as the role that owns nothing: given, or the one that `up` starts."""
    return text("DATABASE_URL", "") or _embedded_database_url(embedded.APP_ROLE)


def database_owner_url() -> str:
    """The same database as the role that migrates; empty where one role is all there is."""
    if is_database_embedded():
        return _embedded_database_url(embedded.OWNER_ROLE)
    return text("LAKEWARDEN_DATABASE_OWNER_URL", "")


def broker_url() -> str:
    return text("BROKER_URL", "") or embedded.broker_url(paths.places_of(var_dir()).broker_socket)


def _embedded_database_url(role: str) -> str:
    return embedded.database_url(paths.places_of(var_dir()).database_sockets, role=role)


def database(url: str) -> dict[str, object]:
    """A Django database entry of a `postgresql://` URL; `?host=` names a socket directory."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise UnsafeSetting(f"The database URL must begin with postgresql://, not {parts.scheme}://.")
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
        "CONN_MAX_AGE": 600,  # a session remembers the statements it has planned
        "ATOMIC_REQUESTS": False,
    }


def require_safe(*, secret_key: str, is_debug: bool, hosts: list[str]) -> None:
    """Refuse to start in front of real data with what is only for one's own machine."""
    if not secret_key:
        raise MissingSetting("LAKEWARDEN_SECRET_KEY is not set; it has no default.")
    if secret_key in KNOWN_KEYS or len(secret_key) < SHORTEST_KEY or len(set(secret_key)) < 5:
        raise UnsafeSetting(
            f"LAKEWARDEN_SECRET_KEY is known or easy to guess: use {SHORTEST_KEY} random characters or more."
        )
    if is_debug:
        raise UnsafeSetting("LAKEWARDEN_DEBUG must be off: it shows settings and data to strangers.")
    if not hosts:
        raise MissingSetting("LAKEWARDEN_ALLOWED_HOSTS is not set: name the hosts the portal answers for.")
    if any("*" in host for host in hosts):
        raise UnsafeSetting("LAKEWARDEN_ALLOWED_HOSTS must name each host; * lets anybody choose one.")
