"""Rules of a house as lines of a table, in the words of their text: one comparison or addition a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from apps.console import wording
from apps.policy.house.readings import FACTS
from apps.policy.reason import Reason
from apps.policy.route import KeepVerdicts

STAGE_ASKED = re.compile(r"(?P<stage>\w+): (?P<role>\w+) × (?P<count>\d+)")
LEASE_ASKED = re.compile(r"lease (?P<minutes>\d+) min")
ADDITIONS = {
    "deny": _("refused"),
    "block": _("waits until it is recorded"),
    "auto_ok": _("granted at once"),
    "require_condition": _("a condition is to be met"),
    "require_ticket": _("a ticket is to be named"),
    "notify": _("these are told"),
}
FACT_KINDS = tuple((name, fact.kind.value, fact.about) for name, fact in sorted(FACTS.items()))
"""For those who write rules: what they may ask for. In English, as the text is."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """`code` as it stands in the text; `words`: what it means, where that can be said."""

    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class RuleShown:
    id: str
    about: str
    when: tuple[Line, ...]
    then: tuple[Line, ...]
    fix: str


@dataclass(frozen=True, kw_only=True)
class FaultShown:
    """`text` is the line as it was written."""

    line: int
    reason: Reason
    text: str


@dataclass(frozen=True, kw_only=True)
class ChangeShown:
    """Of one request under replay."""

    ref: str
    uid: UUID
    word: wording.Word
    before: wording.Word
    after: wording.Word
    added: Sequence[str]
    removed: Sequence[str]
    rules: Sequence[str]


def rules_shown(document: Mapping[str, Any]) -> list[RuleShown]:
    """The rules, after what the set says of kept verdicts, whoever asks for their stage."""
    kept = document.get("keep_verdicts", {})
    return [*([_kept_shown(kept)] if kept else []), *_each_shown(document)]


def _kept_shown(kept: Mapping[str, str]) -> RuleShown:
    return RuleShown(
        id="keep_verdicts",
        about=gettext("Whether a verdict counts for the next evaluation of the same facts."),
        when=(),
        then=tuple(
            Line(code=f"{stage}: {word}", words=_kept(wording.text_of(wording.STAGES, stage), word))
            for stage, word in kept.items()
        ),
        fix="",
    )


def _kept(stage: str, word: str) -> str:
    if word == KeepVerdicts.UNCHANGED_FACTS:
        return gettext("%(stage)s: verdicts are kept while the facts are unchanged") % {"stage": stage}
    return gettext("%(stage)s: verdicts are never kept") % {"stage": stage}


def _each_shown(document: Mapping[str, Any]) -> list[RuleShown]:
    return [
        RuleShown(
            id=rule["id"],
            about=rule["about"],
            when=tuple(_flat(rule["when"], _asked)),
            then=tuple(_flat(rule["then"], _added)),
            fix=rule.get("fix", ""),
        )
        for rule in document["rules"]
    ]


def faults_shown(faults: Sequence[Reason], text: str) -> list[FaultShown]:
    lines = text.splitlines()
    shown = []
    for reason in faults:
        stated = reason.facts.get("line", 1)
        line = stated if isinstance(stated, int) else 1
        shown.append(FaultShown(line=line, reason=reason, text=lines[line - 1] if line <= len(lines) else ""))
    return shown


def changes_shown(changed: Sequence[Mapping[str, Any]]) -> list[ChangeShown]:
    return [
        ChangeShown(
            ref=f"AR-{each['number']:05d}",
            uid=UUID(each["request_id"]),
            word=wording.CHANGES[each["change"]],
            before=wording.EFFECTS[each["before"]],
            after=wording.EFFECTS[each["after"]],
            added=[demand_text(name) for name in each["added"]],
            removed=[demand_text(name) for name in each["removed"]],
            rules=each["rules"],
        )
        for each in changed
    ]


def demand_text(name: str) -> str:
    """A stage, an obligation or a limit, by the name that a comparison gives it."""
    if found := STAGE_ASKED.fullmatch(name):
        count = int(found["count"])
        asked = {
            "stage": wording.text_of(wording.STAGES, found["stage"]),
            "role": wording.text_of(wording.ROLES, found["role"]),
            "count": count,
        }
        return ngettext("%(stage)s: one %(role)s", "%(stage)s: %(count)s × %(role)s", count) % asked
    if found := LEASE_ASKED.fullmatch(name):
        minutes = int(found["minutes"])
        return ngettext(
            "a key lives for at most %(minutes)s minute",
            "a key lives for at most %(minutes)s minutes",
            minutes,
        ) % {"minutes": minutes}
    if name == "step-up":
        return gettext("who decides proves once more who they are")
    return wording.text_of(wording.OBLIGATIONS, name)


def counts_shown(counts: Mapping[str, int]) -> list[tuple[wording.Word, int]]:
    """In the order of how much it hurts."""
    return [(word, counts[name]) for name, word in wording.CHANGES.items() if name in counts]


def _flat(part: Mapping[str, Any], worded: Callable[[str, Any], str]) -> Iterator[Line]:
    for name, value in part.items():
        entries = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
        for entry in entries:
            yield Line(code=f"{name}: {_plain(entry)}", words=worded(name, entry))


def _asked(name: str, value: Any) -> str:
    """Of a fact what it is, and what it is held against. In English, as the text is."""
    fact = FACTS.get(name) or FACTS.get(name.rpartition("_")[0])
    if fact is None:
        return ""
    return fact.about if isinstance(value, bool) else f"{fact.about}: {_plain(value)}"


def _added(name: str, value: Any) -> str:
    if name == "require" and isinstance(value, Mapping) and {"stage", "of"} <= value.keys():
        stage, roles = str(value["stage"]), [value["of"]] if isinstance(value["of"], str) else value["of"]
        who = wording.listed([wording.text_of(wording.ROLES, str(role)) for role in roles])
        named = wording.text_of(wording.STAGES, stage)
        said = gettext("%(stage)s: decided by %(who)s") % {"stage": named, "who": who}
        word = value.get("keep_verdicts")
        return f"{said}; {_kept(named, word)}" if word else said
    if name == "cap" and isinstance(value, Mapping):
        return ", ".join(_capped(part, most) for part, most in value.items())
    return str(ADDITIONS.get(name, ""))


def _capped(part: str, most: Any) -> str:
    if part == "days":
        return ngettext("at most %(days)s day", "at most %(days)s days", most) % {"days": most}
    if part == "ttl_minutes":
        return demand_text(f"lease {most} min")
    return _plain({part: most})


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
