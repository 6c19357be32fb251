"""The facts a rule of the house may ask for, and how each is read. What is not known is read as such.

Every fact has a direction: more is riskier. A level rises, a set grows, a flag becomes true. As rules that
add something may only ask whether there is *at least* so much, asking for more can never take anything away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from types import MappingProxyType

from apps.policy.facts import ColumnFacts, Identifiability, LawfulBasis, Relation, SubjectKind
from apps.policy.purposes import gap
from apps.policy.regions import EEA
from apps.policy.rules.case import Case
from apps.policy.vocabulary import Action

SPECIAL, CRIMINAL, PERSONAL = "special", "criminal", "personal"


class Kind(StrEnum):
    LEVEL = "level"
    WORDS = "words"
    FLAG = "flag"


@dataclass(frozen=True, kw_only=True)
class Level:
    """The highest of what is known; `is_whole` where nothing is missing."""

    known: int | None
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Words:
    """Each member with every name it goes by: a country is also in a region, a purpose also its parents."""

    members: frozenset[frozenset[str]]
    is_whole: bool = True


@dataclass(frozen=True, kw_only=True)
class Flag:
    value: bool | None


Reading = Level | Words | Flag


@dataclass(frozen=True, kw_only=True)
class FactKind:
    """`words` are all that may be named (empty: any); `about` says in a phrase what the fact is."""

    kind: Kind
    about: str
    read: Callable[[Case], Reading]
    words: frozenset[str] = frozenset()


def _words(names: Iterable[str], *, is_whole: bool = True) -> Words:
    return Words(members=frozenset(frozenset({name}) for name in names), is_whole=is_whole)


def _class_rank(case: Case) -> Level:
    ladder = {step.rank for step in case.facts.handling}
    ranks = [column.class_rank for _, column in case.columns]
    known = [rank for rank in ranks if rank is not None]
    is_whole = len(known) == len(ranks) and ladder.issuperset(known)
    return Level(known=max(known, default=None), is_whole=is_whole)


def _days(case: Case) -> Level:
    """Begun days count whole."""
    span = case.facts.ends_at - case.facts.starts_at
    return Level(known=-(-span // timedelta(days=1)))


def _categories(case: Case) -> Words:
    columns = [column for _, column in case.columns]
    members: set[frozenset[str]] = set()
    for column in columns:
        members |= {frozenset({name}) for name in column.categories}
        members |= {frozenset({name, SPECIAL}) for name in column.special_kinds}
        members |= {frozenset({CRIMINAL})} if column.is_criminal else set()
        members |= {frozenset({PERSONAL})} if _is_personal(column) else set()
    is_whole = all(
        column.is_confirmed and None not in (column.is_personal, column.is_criminal, column.identifiability)
        for column in columns
    )
    return Words(members=frozenset(members), is_whole=is_whole)


def _is_personal(column: ColumnFacts) -> bool | None:
    """The stricter of scan and steward counts; unknown where one of them is silent and the other says no."""
    is_said = column.identifiability in {Identifiability.IDENTIFIED, Identifiability.PSEUDONYMISED}
    if column.is_personal or is_said:
        return True
    return None if column.is_personal is None or column.identifiability is None else False


def _any(answers: Iterable[bool | None]) -> Flag:
    found = set(answers)
    return Flag(value=True if True in found else None if None in found else False)


def _special(case: Case) -> Flag:
    return _any(True if column.special_kinds else _or_unknown(column) for _, column in case.columns)


def _or_unknown(column: ColumnFacts) -> bool | None:
    return False if column.is_confirmed else None


def _place(case: Case) -> Words:
    place = case.facts.place_of_processing
    if place is None:
        return Words(members=frozenset(), is_whole=False)
    return Words(members=frozenset({frozenset({place, "EEA"} if place in EEA else {place})}))


def _outside_eea(case: Case) -> Flag:
    place = case.facts.place_of_processing
    return Flag(value=None if place is None else place not in EEA)


def _relations(case: Case) -> Words:
    found = (case.facts.requester.relation, case.facts.subject.relation)
    return _words((each for each in found if each is not None), is_whole=None not in found)


def _employers(case: Case) -> Words:
    found = (case.facts.requester.employer_country, case.facts.subject.employer_country)
    members = (frozenset({each, "EEA"} if each in EEA else {each}) for each in found if each is not None)
    return Words(members=frozenset(members), is_whole=None not in found)


def _purposes(case: Case) -> Words:
    names, ahead = set[str](), [case.facts.purpose.code]
    while ahead:
        code = ahead.pop()
        if code not in names:
            names.add(code)
            ahead += case.facts.purpose_parents.get(code, ())
    return Words(members=frozenset({frozenset(names)}))


def _bases(case: Case) -> Words:
    basis = case.facts.purpose.lawful_basis
    return _words((basis,) if basis is not None else (), is_whole=basis is not None)


def _identifiability(case: Case) -> Words:
    found = [column.identifiability for _, column in case.columns]
    return _words((each for each in found if each is not None), is_whole=None not in found)


def _coverage_gap(case: Case) -> Flag:
    facts = case.facts
    return _any(bool(gap(asset, facts.purpose.code, facts.purpose_parents)) for asset in facts.assets)


def _art9_missing(case: Case) -> Flag:
    """Special categories are asked for, and the purpose names no condition of Art. 9(2)."""
    if case.facts.purpose.art9_conditions:
        return Flag(value=False)
    return _special(case)


def _described_by_self(case: Case) -> Flag:
    return _any(bool(case.parties & asset.described_by) for asset in case.facts.assets)


def _joint_count(case: Case) -> Level:
    joint = case.facts.joint
    return Level(known=None if joint is None else joint.personal_assets, is_whole=joint is not None)


def _joint_categories(case: Case) -> Words:
    asked, joint = _categories(case), case.facts.joint
    if joint is None:
        return Words(members=asked.members, is_whole=False)
    held = {frozenset({name}) for name in joint.categories}
    held |= {frozenset({name, SPECIAL}) for name in joint.special_kinds}
    return Words(members=asked.members | held, is_whole=asked.is_whole)


def _levels(about: str, read: Callable[[Case], Level]) -> FactKind:
    return FactKind(kind=Kind.LEVEL, about=about, read=read)


def _sets(about: str, read: Callable[[Case], Words], words: Iterable[str] = ()) -> FactKind:
    return FactKind(kind=Kind.WORDS, about=about, read=read, words=frozenset(words))


def _flags(about: str, read: Callable[[Case], Flag]) -> FactKind:
    return FactKind(kind=Kind.FLAG, about=about, read=read)


FACTS = MappingProxyType(
    {
        "class_rank": _levels("the highest rank of a class among the columns", _class_rank),
        "days": _levels("for how many days access is asked", _days),
        "asset_count": _levels("how many assets are asked for", lambda c: Level(known=len(c.facts.assets))),
        "column_count": _levels("how many columns are asked for", lambda c: Level(known=len([*c.columns]))),
        "joint_personal_assets": _levels(
            "how many personal assets the subject would then hold", _joint_count
        ),
        "categories": _sets("categories of the columns; also: special, criminal, personal", _categories),
        "joint_categories": _sets("categories the subject would then hold", _joint_categories),
        "actions": _sets(
            "what is to be done", lambda c: _words(c.facts.actions), (each.value for each in Action)
        ),
        "relation": _sets(
            "how requester and subject stand to the organization",
            _relations,
            (each.value for each in Relation),
        ),
        "subject_kind": _sets(
            "who would receive",
            lambda c: _words((c.facts.subject.kind,)),
            (each.value for each in SubjectKind),
        ),
        "place": _sets("country of processing; also: EEA", _place),
        "employer_country": _sets("country of the employers; also: EEA", _employers),
        "purpose": _sets("concept of the purpose, or one above it", _purposes),
        "legal_basis": _sets("basis of the purpose", _bases, (each.value for each in LawfulBasis)),
        "asset_kind": _sets("kind of the assets", lambda c: _words({asset.kind for asset in c.facts.assets})),
        "identifiability": _sets(
            "how far the columns identify people", _identifiability, (each.value for each in Identifiability)
        ),
        "personal": _flags(
            "a column is about people", lambda c: _any(_is_personal(column) for _, column in c.columns)
        ),
        "special": _flags("a column holds special categories (GDPR Art. 9)", _special),
        "criminal": _flags(
            "a column holds criminal data (GDPR Art. 10)",
            lambda c: _any(column.is_criminal for _, column in c.columns),
        ),
        "unconfirmed": _flags(
            "a column is not confirmed", lambda c: _any(not column.is_confirmed for _, column in c.columns)
        ),
        "coverage_gap": _flags("a column does not permit the purpose", _coverage_gap),
        "art9_condition_missing": _flags("special categories without a condition", _art9_missing),
        "outside_eea": _flags("processed outside the EEA", _outside_eea),
        "linked_personal": _flags(
            "the subject holds data that link to these", lambda c: Flag(value=c.facts.linked_personal)
        ),
        "described_by_self": _flags("who asks described the data", _described_by_self),
    }
)
