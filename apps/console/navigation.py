"""The rail on the left: where one can go, and how much waits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.access.queries import inbox_of
from apps.accounts.authorization import standing_of
from apps.accounts.roles import Role
from apps.kernel.actor import Actor

DECIDING = frozenset({Role.OWNER, Role.COMPLIANCE_OFFICER, Role.DPO})
MOST_COUNTED = 99


@dataclass(frozen=True, kw_only=True)
class Entry:
    section: str
    text: Any
    icon: str
    url: str
    is_current: bool
    count: str = ""


@dataclass(frozen=True, kw_only=True)
class Rail:
    entries: tuple[Entry, ...]
    roles: tuple[str, ...]
    waiting: int


PLACES = (
    ("home", _("Home"), "home"),
    ("inbox", _("Inbox"), "inbox"),
    ("catalog", _("Catalog"), "catalog"),
    ("requests", _("My requests"), "request"),
    ("grants", _("My access"), "key"),
)


def rail_of(actor: Actor, *, section: str) -> Rail:
    """The inbox stands there for those who decide by their role, and whenever something waits in it."""
    roles = tuple(dict.fromkeys(held.role for held in standing_of(actor).roles))
    # One more than is shown is all that need be counted.
    waiting = inbox_of(actor)[: MOST_COUNTED + 1].count()
    is_deciding = waiting > 0 or not DECIDING.isdisjoint(roles)
    entries = tuple(
        Entry(
            section=name,
            text=text,
            icon=icon,
            url=reverse(f"console:{name}"),
            is_current=name == section,
            count=_shown(waiting) if name == "inbox" else "",
        )
        for name, text, icon in PLACES
        if name != "inbox" or is_deciding
    )
    return Rail(entries=entries, roles=tuple(role.value for role in roles), waiting=waiting)


def _shown(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count or "")
