"""Who asks, or who receives."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from apps.policy import snapshot
from apps.policy.stated import Stated
from apps.policy.vocabulary import Relation, SubjectKind, Until


@dataclass(frozen=True, kw_only=True)
class SubjectFacts(Stated):
    """Who asks, or who receives. A project states the lowest cleared rank of its members.

    A permanent contract is stated as `NO_LIMIT`; `None` is a contract whose end nobody has recorded.
    `location`: the country the person works from. `undertaking_on` and `trained_on`: the day confidentiality
    was last undertaken, and the last training; a project states its earliest, a service account its owner's.
    `describers`: of the people behind a project or a service account those on whose word the description of
    something asked for rests.
    """

    uid: str
    kind: SubjectKind
    relation: Relation | None
    employer_country: str | None
    cleared_rank: int | None
    contract_ends_on: Until
    is_active: bool | None
    location: str | None = field(default=None, metadata=snapshot.OF_LAW)
    undertaking_on: date | None = field(default=None, metadata=snapshot.OF_LAW)
    trained_on: date | None = field(default=None, metadata=snapshot.OF_LAW)
    describers: frozenset[str] | None = field(default=None, metadata=snapshot.LATER)
