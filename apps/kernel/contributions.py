"""Questions that a lower floor asks and upper floors answer: what would this act reach?

The floor that acts names the question, and does not know who answers. Whoever is about to act is shown the
answer and names it by its digest; where it has become another one meanwhile, or was not named though the act
cannot be taken back, the command refuses. In the same way a floor that puts evidence together asks those
above what they have to show, and one that lets something go on what stands against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from apps.kernel.actor import Actor
from apps.kernel.errors import PreconditionMissing, StaleVersion
from apps.policy.reason import Reason, declare

IMPACT_CHANGED = declare(
    "IMPACT_CHANGED",
    "What this would affect is no longer what you were shown.",
    "Look at what it would affect now, and decide again.",
)

IMPACT_UNSEEN = declare(
    "IMPACT_UNSEEN",
    "You did not say that you have seen what this would affect. Things that it would affect now: %(number)s.",
    "Look at the impact, and name its digest as seen_impact.",
)


@dataclass(frozen=True, kw_only=True)
class Question:
    """`name` is app and act, as commands are named; `about` is the kind of thing that is asked about."""

    name: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Affected:
    """One thing that the act would reach, in the version in which it was found."""

    kind: str
    uid: UUID
    row_version: int


@dataclass(frozen=True, kw_only=True)
class Impact:
    """Everything that the act would reach, in one order whoever answered first."""

    affected: tuple[Affected, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over every thing with its version."""
        told = "\n".join(f"{each.kind} {each.uid} {each.row_version}" for each in self.affected)
        return hashlib.sha256(told.encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """What a floor has to show about a thing: rows that JSON can hold, and of which things the trail tells
    more. `told` says in one sentence what they are."""

    name: str
    told: str
    rows: tuple[dict[str, Any], ...]
    subjects: frozenset[UUID] = frozenset()


Contributor = Callable[[UUID], Iterable[Affected]]
T = TypeVar("T")
_found_meanwhile: ContextVar[dict[Any, Any] | None] = ContextVar("found_meanwhile", default=None)
_CONTRIBUTORS: dict[str, dict[str, Contributor]] = {}
Witness = Callable[[UUID], Exhibit]
_WITNESSES: dict[str, dict[str, Witness]] = {}

Objector = Callable[..., Iterable[Reason]]
"""Is given the uid of the thing, and the actor, who is told no more than they may see."""
_OBJECTORS: dict[str, dict[str, Objector]] = {}


def object_to(question: Question, objector: Objector) -> None:
    """Have `objector(uid of the thing, actor=...)` say what stands against the act, besides all others."""
    _OBJECTORS.setdefault(question.name, {})[f"{objector.__module__}.{objector.__qualname__}"] = objector


def objections_to(question: Question, uid: UUID, *, actor: Actor) -> tuple[Reason, ...]:
    """What everybody says against it; empty where nothing is in the way."""
    objectors = _OBJECTORS.get(question.name, {})
    return tuple(reason for name in sorted(objectors) for reason in objectors[name](uid, actor=actor))


def contribute(question: Question, contributor: Contributor) -> None:
    """Have `contributor(uid of the thing)` answer, besides all others."""
    name = f"{contributor.__module__}.{contributor.__qualname__}"
    _CONTRIBUTORS.setdefault(question.name, {})[name] = contributor


def testify(question: Question, witness: Witness) -> None:
    """Have `witness(uid of the thing)` show what it has, besides all others."""
    _WITNESSES.setdefault(question.name, {})[f"{witness.__module__}.{witness.__qualname__}"] = witness


def exhibits_of(question: Question, uid: UUID) -> tuple[Exhibit, ...]:
    """What everybody has to show, in one order whoever was asked first."""
    found = [witness(uid) for witness in _WITNESSES.get(question.name, {}).values()]
    return tuple(sorted(found, key=lambda exhibit: exhibit.name))


def found_once(find: Callable[[UUID], T]) -> Callable[[UUID], T]:
    """Have contributors to one answer share what `find` found for it; it is forgotten with the answer."""

    @wraps(find)
    def found(uid: UUID) -> T:
        meanwhile = _found_meanwhile.get()
        if meanwhile is None:
            return find(uid)
        key = (find, uid)
        if key not in meanwhile:
            meanwhile[key] = find(uid)
        shared: T = meanwhile[key]
        return shared

    return found


@contextmanager
def found_together() -> Iterator[None]:
    """Within it, what was found once is found; for an answer, and what is shown beside it."""
    if _found_meanwhile.get() is not None:
        yield
        return
    token = _found_meanwhile.set({})
    try:
        yield
    finally:
        _found_meanwhile.reset(token)


def impact_of(question: Question, uid: UUID) -> Impact:
    """What everybody answers now."""
    contributors = _CONTRIBUTORS.get(question.name, {}).values()
    with found_together():
        found = {each for contributor in contributors for each in contributor(uid)}
    return Impact(affected=tuple(sorted(found, key=lambda each: (each.kind, each.uid))))


def expect_seen(
    question: Question, uid: UUID, seen: str | None, *, actor: Actor, is_nothing_enough: bool = False
) -> None:
    """Only the machine acts without having looked; `is_nothing_enough`: so do all where nothing is reached.

    Raises: PreconditionMissing where the actor named no impact, StaleVersion where they had seen another.
    """
    if seen is not None or actor.is_system:
        expect_impact(question, uid, seen)
        return
    number = len(impact_of(question, uid).affected)
    if number or not is_nothing_enough:
        raise PreconditionMissing(Reason(code=IMPACT_UNSEEN, facts={"number": number}))


def expect_impact(question: Question, uid: UUID, seen: str | None) -> None:
    """Raises: StaleVersion where the actor had seen another impact; None means they named none."""
    if seen is not None and seen != impact_of(question, uid).digest:
        raise StaleVersion(Reason(code=IMPACT_CHANGED))
