"""Rules of a house as lines of a table, in the words of their text: one comparison or addition a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.console import wording
from apps.policy.house.readings import FACTS
from apps.policy.reason import Reason

FACT_KINDS = tuple((name, fact.kind.value, fact.about) for name, fact in sorted(FACTS.items()))
"""For those who write rules: what they may ask for. In English, as the text is."""


@dataclass(frozen=True, kw_only=True)
class RuleShown:
    id: str
    about: str
    when: tuple[str, ...]
    then: tuple[str, ...]
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
    url_id: str
    word: wording.Word
    before: wording.Word
    after: wording.Word
    added: Sequence[str]
    removed: Sequence[str]
    rules: Sequence[str]


def rules_shown(document: Mapping[str, Any]) -> list[RuleShown]:
    return [
        RuleShown(
            id=rule["id"],
            about=rule["about"],
            when=tuple(_flat(rule["when"])),
            then=tuple(_flat(rule["then"])),
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
            url_id=each["request_id"],
            word=wording.CHANGES[each["change"]],
            before=wording.EFFECTS[each["before"]],
            after=wording.EFFECTS[each["after"]],
            added=each["added"],
            removed=each["removed"],
            rules=each["rules"],
        )
        for each in changed
    ]


def counts_shown(counts: Mapping[str, int]) -> list[tuple[wording.Word, int]]:
    """In the order of how much it hurts."""
    return [(word, counts[name]) for name, word in wording.CHANGES.items() if name in counts]


def _flat(part: Mapping[str, Any]) -> Iterator[str]:
    for name, value in part.items():
        entries = value if isinstance(value, list) and value and isinstance(value[0], dict) else [value]
        for entry in entries:
            yield f"{name}: {_plain(entry)}"


def _plain(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(each)}" for name, each in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)
