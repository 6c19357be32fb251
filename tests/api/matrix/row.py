"""One address and method, and what every role is answered there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from apps.accounts.roles import Role
from tests.factories.accounts import World


@dataclass(frozen=True, kw_only=True)
class Call:
    """`path` fills the address, `etag` goes into If-Match."""

    path: dict[str, object] = field(default_factory=dict)
    query: dict[str, object] = field(default_factory=dict)
    body: Any = None
    etag: str = ""
    content_type: str = "application/json"


def nothing_needed(world: World) -> Call:
    return Call()


@dataclass(frozen=True, kw_only=True)
class Row:
    """`url` is the name without `api:`; `make` sets up what is called, once for all roles."""

    url: str
    method: str
    answers: dict[Role, int]
    make: Callable[[World], Call] = nothing_needed


def everybody(status: int) -> dict[Role, int]:
    return dict.fromkeys(Role, status)


def only(*roles: Role, gets: int, others: int, hidden_from: tuple[Role, ...] = ()) -> dict[Role, int]:
    """Those roles are served; it is hidden (404) from some; the others are refused."""
    return {role: gets if role in roles else 404 if role in hidden_from else others for role in Role}


def etag(row: Any) -> str:
    return f'"{row.uid}.{row.row_version}"'
