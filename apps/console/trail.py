"""The trail in plain words: what happened, what was tried and refused, and the facts of each entry.

Names of events and commands are for machines and never change; here is what people read instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import translation
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.labeling.words import PilotBasis
from apps.console import grounds, wording
from apps.console.pointers import Pointer, uid_of
from apps.console.probes import question_of
from apps.console.trail_words import AREAS, ATTEMPTS, EVENTS, FIELDS
from apps.kernel.events import declared_events

OUTCOMES = {
    "done": wording.Word(text=_("Done"), tone="success", icon="check"),
    "refused": wording.Word(text=_("Refused"), tone="danger", icon="cross"),
}
CODES: dict[str, Mapping[str, Any]] = {
    "actions": wording.ACTIONS,
    "basis": {each.value: each.label for each in PilotBasis},
    "labeling_part": wording.LABELING_PARTS,
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
    uid = uid_of(value)
    if uid:
        found = known.get(uid)
        return Said(text=found.text, url=found.url) if found else Said(text=value, is_code=True)
    if name in CODES:
        return Said(text=wording.text_of(dict(CODES[name]), value))
    if name == "limiting_factor":
        return Said(text=wording.text_of(wording.LIMITS, str(value).partition(":")[0]))
    if name == "failed_probes":
        return Said(text=question_of(value))
    if not isinstance(value, str):
        return Said(text=value)
    return Said(text=FIELDS.get(value, _plain(value))) if name == "changed" else _written(name, value)


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


def _plain(name: str) -> str:
    return name.replace("_", " ")
