"""What Label Studio says beside labels: on which days somebody worked, and who looked at it afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from sys import intern
from typing import Any

from apps.kernel.characters import NOT_STORED
from apps.labeling.imports.addresses import Pseudonyms
from apps.labeling.imports.annotation import UNNAMED, Annotation, Tally
from apps.labeling.imports.pieces import LONGEST_LABEL, number, word
from apps.labeling.imports.worked import day_of

MOMENTS = ("created_at", "updated_at")


def who(given: Any, people: Pseudonyms) -> str:
    """A number, or an object that holds a number or an address."""
    if isinstance(given, dict):
        named = given.get("id") or given.get("email") or given.get("username")
    else:
        named = given
    if isinstance(named, bool) or not isinstance(named, int | str):
        return UNNAMED
    return intern(people.of(NOT_STORED.sub("", str(named)).strip())[:LONGEST_LABEL])


def malformed_time(given: Mapping[str, Any]) -> str | None:
    """How long it took, or when: what is not told is missing, and nothing else."""
    took = given.get("lead_time")
    seconds = number(took)
    if took is not None and (seconds is None or seconds < 0):
        return "lead_time"
    return next((key for key in MOMENTS if given.get(key) is not None and _day(given[key]) is None), None)


def note_work(given: Mapping[str, Any], made: Annotation, tally: Tally) -> None:
    """Where another person changed an answer, the day on which they did is none of the annotator's."""
    first, last = _day(given.get("created_at")), _day(given.get("updated_at"))
    is_own = who(given.get("updated_by"), tally.named) in {UNNAMED, made.annotator}
    later = last if is_own and first and last and last > first else first
    tally.work[made.annotator].add(made.seconds, first, later)


def note_settled(given: Mapping[str, Any], made: Annotation, tally: Tally) -> None:
    """Reviews, and changes by another person."""
    reviews = given.get("reviews")
    if not isinstance(reviews, list):
        reviews = []
    told = [each.get("created_by") for each in reviews if isinstance(each, dict)]
    after = {who(each, tally.named) for each in (*told, given.get("updated_by"))}
    if found := after - {UNNAMED, made.annotator}:
        tally.settled[made.item] |= found


def is_copied(given: Mapping[str, Any], author: str, authors: Mapping[str, str], people: Pseudonyms) -> bool:
    """Whether it began from the answer of another person."""
    parent = authors.get(word(given.get("parent_annotation"), people), UNNAMED)
    return UNNAMED != parent != author


def authors_of(annotations: Sequence[Any], people: Pseudonyms) -> Mapping[str, str]:
    """Who made each, by its number."""
    return {
        id_: who(each.get("completed_by"), people)
        for each in annotations
        if isinstance(each, dict) and (id_ := word(each.get("id"), people))
    }


def _day(given: Any) -> date | None:
    return day_of(given) if isinstance(given, str) else None
