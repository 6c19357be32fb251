"""Pages that belong together: the small row of links under the title of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.accounts.authorization import standing_of
from apps.accounts.operations import OPERATIONS, Operation
from apps.console.navigation import READING_POLICY, Entry, Place
from apps.kernel.actor import Actor

MANAGING_PEOPLE = OPERATIONS[Operation.MANAGE_PERSON].roles

ROWS: dict[str, tuple[Any, tuple[Place, ...]]] = {
    "people": (
        _("People or programs"),
        (
            Place(section="people", text=_("People"), icon="people"),
            Place(section="service-accounts", text=_("Service accounts"), icon="service"),
            Place(section="unkept", text=_("Without a keeper"), icon="risk", roles=MANAGING_PEOPLE),
        ),
    ),
    "teams": (
        _("Teams or domains"),
        (
            Place(section="teams", text=_("Teams"), icon="people"),
            Place(section="domains", text=_("Domains"), icon="organization"),
        ),
    ),
    "rulebook": (
        _("Rulebook"),
        (
            Place(section="rulebook", text=_("Versions"), icon="law"),
            Place(section="classes", text=_("Classes"), icon="classify"),
            Place(section="rulebook-did", text=_("What it did"), icon="chart", roles=READING_POLICY),
            Place(section="coverage", text=_("Who could decide"), icon="people", roles=READING_POLICY),
        ),
    ),
}
"""By the section of the rail, what the row is called and the pages in it; each is named as its address."""


@dataclass(frozen=True, kw_only=True)
class Tabs:
    title: Any
    entries: tuple[Entry, ...]


def tabs_of(actor: Actor, *, section: str, at: str) -> Tabs | None:
    """Those that the reader may open; `at` is the name of the address they are at. None elsewhere."""
    if section not in ROWS:
        return None
    title, places = ROWS[section]
    roles = {held.role for held in standing_of(actor).roles}
    entries = (
        Entry(
            text=place.text,
            icon=place.icon,
            url=reverse(f"console:{place.section}"),
            is_current=place.section == at,
        )
        for place in places
        if not place.roles or not place.roles.isdisjoint(roles)
    )
    return Tabs(title=title, entries=(*entries,))
