"""The trail in plain words: what happened, what was tried and refused, and the facts of each entry.

Names of events and commands are for machines and never change; here is what people read instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.access.queries import (
    conditions_visible_to,
    glass_visible_to,
    grants_visible_to,
    policy_sets_visible_to,
    requests_visible_to,
)
from apps.accounts.queries import (
    domains_visible_to,
    people_visible_to,
    projects_visible_to,
    teams_visible_to,
)
from apps.catalog.queries import assets_visible_to, versions_visible_to
from apps.compliance.queries import activities, legal_records_visible_to, purposes
from apps.console import grounds, wording
from apps.console.direction import isolated
from apps.console.probes import question_of
from apps.console.trail_words import AREAS, ATTEMPTS, EVENTS, FIELDS
from apps.credentials.queries import leases_visible_to
from apps.kernel.actor import Actor
from apps.kernel.events import declared_events
from apps.lakes.queries import lakes_visible_to
from apps.notifications.queries import webhooks_visible_to
from apps.reviews.queries import campaigns_visible_to, items_visible_to

OUTCOMES = {
    "done": wording.Word(text=_("Done"), tone="success", icon="check"),
    "refused": wording.Word(text=_("Refused"), tone="danger", icon="cross"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "actions": wording.ACTIONS,
    "flavor": wording.FLAVORS,
    "mode": {"pinned": _("this version only"), "following": _("also later versions that are no stricter")},
    "role": wording.ROLES,
    "route": wording.STAGES,
    "reopened": wording.STAGES,
    "stage": wording.STAGES,
    "relation": wording.RELATIONS,
    "then": wording.SILENCES,
    "of_event": {**EVENTS, **ATTEMPTS},
    "of_outcome": {code: word.text for code, word in OUTCOMES.items()},
    "effect": {code: word.text for code, word in wording.ANSWERS.items()},
}
"""Fields that hold codes of a closed list."""
WHOLE = "*"
"""Stands for all columns of a version."""


def text_of(name: str) -> str:
    """What happened, or what was tried; a name that nobody worded stands as it is."""
    return str(EVENTS.get(name) or ATTEMPTS.get(name) or name)


def words_of_names() -> dict[str, str]:
    """In English, whatever the reader's language: files of the same entries are alike."""
    with translation.override("en"):
        words = (*grounds.OPERATIONS.items(), *ATTEMPTS.items(), *EVENTS.items())
        return {name: str(text) for name, text in words}


def name_choices() -> list[tuple[Any, Any]]:
    """By area: what can happen, then what can be refused."""

    def among(names: Mapping[str, Any], area: str) -> list[tuple[str, Any]]:
        found = [(name, text) for name, text in names.items() if name.startswith(f"{area}.")]
        return sorted(found, key=lambda choice: str(choice[1]))

    done = [(title, among(EVENTS, area)) for area, title in AREAS.items()]
    refused = [
        (gettext("%(area)s: refused") % {"area": title}, among(ATTEMPTS, area))
        for area, title in AREAS.items()
    ]
    return [("", _("Everything")), *done, *refused]


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """A thing the reader may see, by the name they know it under; `url` where it has a page."""

    text: str
    url: str = ""


def pointers(actor: Actor, uids: Iterable[UUID]) -> dict[UUID, Pointer]:
    """Of these things, those the actor may see. One query; what is hidden is missing, as if it were not."""
    wanted = frozenset(uids)
    if not wanted:
        return {}
    sources: tuple[tuple[str, Any, str, str], ...] = (
        ("asset", assets_visible_to(actor), "name", "uid"),
        ("version", versions_visible_to(actor), "asset__name", "asset__uid"),
        ("request", requests_visible_to(actor), "number", "uid"),
        ("grant", grants_visible_to(actor), "asset__name", "uid"),
        ("lease", leases_visible_to(actor), "grant__asset__name", "grant__uid"),
        ("campaign", campaigns_visible_to(actor), "name", "uid"),
        ("review", items_visible_to(actor), "grant__asset__name", "campaign__uid"),
        ("lake", lakes_visible_to(actor), "name", "uid"),
        ("purpose", purposes(actor), "ref", "uid"),
        ("activity", activities(actor), "ref", "uid"),
        ("record", legal_records_visible_to(actor), "ref", "uid"),
        ("person", people_visible_to(actor), "name", "uid"),
        ("domain", domains_visible_to(actor), "name", "uid"),
        ("team", teams_visible_to(actor), "name", "uid"),
        ("project", projects_visible_to(actor), "name", "uid"),
        ("webhook", webhooks_visible_to(actor), "name", "uid"),
        ("policy set", policy_sets_visible_to(actor), "number", "uid"),
        ("glass", glass_visible_to(actor), "grant__asset__name", "uid"),
        ("condition", conditions_visible_to(actor), "text", "uid"),
    )
    rows = [
        found.prefetch_related(None)
        .order_by()
        .filter(uid__in=wanted)
        .annotate(
            told_kind=Value(kind, TextField()),
            told_text=Cast(F(text), TextField()),
            told_page=F(page),
        )
        .values_list("uid", "told_kind", "told_text", "told_page")
        for kind, found, text, page in sources
    ]
    return {uid: _pointer(kind, text, page) for uid, kind, text, page in rows[0].union(*rows[1:], all=True)}


NUMBERED = {"request": "AR-{:05d}", "policy set": "PS-{}"}


def _pointer(kind: str, text: str, page: UUID) -> Pointer:
    if kind in NUMBERED:
        text = NUMBERED[kind].format(int(text))
    told = {
        "version": _("version of %(name)s"),
        "grant": _("access to %(name)s"),
        "lease": _("key to %(name)s"),
        "review": _("review of access to %(name)s"),
        "glass": _("emergency access to %(name)s"),
    }
    addresses = {
        "asset": ("asset",),
        "version": ("asset",),
        "request": ("request",),
        "grant": ("grant",),
        "lease": ("grant",),
        "campaign": ("campaign",),
        "review": ("campaign",),
        "lake": ("lake",),
        "person": ("person",),
        "team": ("team",),
        "domain": ("domain",),
        "purpose": ("record", "purposes"),
        "activity": ("record", "processing-activities"),
        "record": ("any-record",),
        "project": ("project",),
        "webhook": ("webhook",),
        "policy set": ("policy-set",),
        "glass": ("glass",),
        "condition": ("condition",),
    }
    address = addresses.get(kind)
    return Pointer(
        text=SafeString(escape(told[kind]) % {"name": conditional_escape(isolated(text))})
        if kind in told
        else text,
        url=reverse(f"console:{address[0]}", args=[*address[1:], page]) if address else "",
    )


def pointed_at(event: Any, known: Mapping[UUID, Pointer]) -> Pointer | None:
    """What an entry is about; where that has no name of its own, whom or what it first speaks of."""
    stated = declared_events().get(event.name)
    order = [field.name for field in fields(stated)] if stated else []
    uids = (event.subject_uid, *(_uid(event.data.get(name)) for name in order))
    return next((known[uid] for uid in uids if uid is not None and uid in known), None)


@dataclass(frozen=True, kw_only=True)
class Said:
    """One value: a text, a moment, or a thing the reader may see; `is_code` where it is for machines."""

    text: Any = ""
    at: datetime | None = None
    url: str = ""
    is_code: bool = False


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: Any
    lines: list[Said]


@dataclass(frozen=True, kw_only=True)
class Difference:
    label: Any
    before: list[Said]
    after: list[Said]


def uids_in(value: Any) -> set[UUID]:
    """Every id that stands somewhere in what was recorded."""
    if isinstance(value, Mapping):
        return {uid for member in value.values() for uid in uids_in(member)}
    if isinstance(value, list):
        return {uid for member in value for uid in uids_in(member)}
    uid = _uid(value)
    return {uid} if uid else set()


def facts(event: str, data: Mapping[str, Any], known: Mapping[UUID, Pointer]) -> list[Fact]:
    """What was recorded, in the order in which the event states it; what stands before and after is told by
    `differences`, and what is empty not at all.
    """
    stated = declared_events().get(event)
    order = [field.name for field in fields(stated)] if stated else []
    told_apart = {"before", "after"} if _has_both(data) else set()
    names = [name for name in dict.fromkeys([*order, *data]) if name in data and name not in told_apart]
    told = ((name, _lines(name, data[name], known)) for name in names)
    return [Fact(label=FIELDS.get(name, _plain(name)), lines=lines) for name, lines in told if lines]


def differences(data: Mapping[str, Any], known: Mapping[UUID, Pointer]) -> list[Difference]:
    if not _has_both(data):
        return []
    before, after = data["before"], data["after"]
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        before, after = {"clearance": before}, {"clearance": after}
    return [
        Difference(
            label=FIELDS.get(name, _plain(name)),
            before=_lines(name, before.get(name), known),
            after=_lines(name, after.get(name), known),
        )
        for name in dict.fromkeys([*before, *after])
    ]


def _has_both(data: Mapping[str, Any]) -> bool:
    return "before" in data and "after" in data


def _lines(name: str, value: Any, known: Mapping[UUID, Pointer]) -> list[Said]:
    if isinstance(value, Mapping):
        return [
            Said(text=f"{gettext('all columns') if key == WHOLE else key}: {member}")
            for key, member in value.items()
        ]
    members = value if isinstance(value, list) else [value]
    return [_said(name, member, known) for member in members if member not in (None, "")]


def _said(name: str, value: Any, known: Mapping[UUID, Pointer]) -> Said:
    if isinstance(value, bool):
        return Said(text=gettext("yes") if value else gettext("no"))
    uid = _uid(value)
    if uid:
        found = known.get(uid)
        return Said(text=found.text, url=found.url) if found else Said(text=value, is_code=True)
    if name in CODES:
        return Said(text=wording.text_of(dict(CODES[name]), value))
    if name == "limiting_factor":
        return Said(text=wording.text_of(wording.LIMITS, str(value).partition(":")[0]))
    if name == "failed_probes":
        return Said(text=question_of(value))
    if name == "changed":
        return Said(text=FIELDS.get(value, _plain(value)))
    if isinstance(value, str):
        return _written(name, value)
    return Said(text=value)


def _written(name: str, value: str) -> Said:
    try:
        at, day = parse_datetime(value), parse_date(value)
    except ValueError:
        at, day = None, None
    if isinstance(at, datetime) and at.utcoffset() is not None:
        return Said(at=at)
    if isinstance(day, date):
        return Said(text=date_format(day, "j M Y"))
    is_code = "sha256" in name or "hash" in name or name in {"decision_substance", "role_arn", "endpoint"}
    return Said(text=value, is_code=is_code)


def _uid(value: Any) -> UUID | None:
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def _plain(name: str) -> str:
    return name.replace("_", " ")
