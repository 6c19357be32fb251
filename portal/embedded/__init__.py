"""Servers that come with the portal: what to run, and how. Running them is the supervisor's."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

DATABASE = "lakewarden"
# Owns the database and migrates; the web and the workers are the other one, which owns nothing.
OWNER_ROLE = "lakewarden_owner"
APP_ROLE = "lakewarden_app"


def database_url(sockets: Path, *, role: str, database: str = DATABASE) -> str:
    return f"postgresql://{role}@/{database}?host={quote(str(sockets), safe='/')}"


def broker_url(socket: Path) -> str:
    return f"redis+socket://{quote(str(socket), safe='/')}"
