"""Who may label, by what the roster says of them, and what they lack. No database here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from apps.compliance.lifecycle.labeling.checks import REGION
from apps.policy.reason import Reason, Value, declare
from apps.policy.regions import EEA

LEAST_SCORE = 0.85
"""In the entrance test, where the policy says nothing else."""


class AnnotatorRole(StrEnum):
    ANNOTATOR = "annotator"
    ADJUDICATOR = "adjudicator"
    REVIEWER = "reviewer"


TEST_FAILED = declare(
    "ANNOTATOR_TEST_FAILED",
    "Annotator %(annotator)s reached %(score)s in the entrance test, and %(needed)s are needed.",
    "Have them trained and tested anew.",
)
NOT_TRAINED = declare(
    "ANNOTATOR_NOT_TRAINED",
    "No training of annotator %(annotator)s is recorded up to %(day)s.",
    "Enter the day on which they were trained with the guideline.",
)
NOT_BOUND = declare(
    "ANNOTATOR_NOT_BOUND",
    "Annotator %(annotator)s has not undertaken to keep silent up to %(day)s.",
    "Have them sign the undertaking, and enter the day.",
)
NOT_CLEARED = declare(
    "ANNOTATOR_NOT_CLEARED",
    "Annotator %(annotator)s is cleared up to rank %(cleared)s, and the data are of rank %(needed)s.",
    "Have them cleared for the class of the data, or let them label other data.",
)
CLASS_UNKNOWN = declare(
    "ANNOTATOR_CLASS_UNKNOWN",
    "Of the data that are labeled nobody has said the class, so nobody is cleared for them.",
    "Have the data classified first.",
)
NO_CONTRACT = declare(
    "ANNOTATOR_NO_CONTRACT",
    "Annotator %(annotator)s is not of the house, and no contract in force says all that the law asks for.",
    "Name the party that they work for, with the clauses of its contract on record.",
)
NOT_AGREED = declare(
    "ANNOTATOR_NOT_AGREED",
    "What is labeled can harm, and annotator %(annotator)s has not agreed to see it.",
    "Let only those do it who agreed.",
)
TOO_MANY_HOURS = declare(
    "ANNOTATOR_TOO_MANY_HOURS",
    "Annotator %(annotator)s is to see hard content for %(given)s hours a day; %(most)s are the most.",
    "Enter fewer hours a day.",
)


COUNTRY_UNKNOWN = declare(
    "ANNOTATOR_COUNTRY_UNKNOWN",
    "From which country annotator %(annotator)s labels nobody has said, and people may label from"
    " %(countries)s alone.",
    "Enter the country from which they label.",
)
COUNTRY_EXCLUDED = declare(
    "ANNOTATOR_COUNTRY_EXCLUDED",
    "Annotator %(annotator)s labels from %(country)s, and people may label from %(countries)s alone.",
    "Have the items labeled from there, or have a version of the policy approved that names the country.",
)
CONFLICT_UNDECLARED = declare(
    "ANNOTATOR_CONFLICT_UNDECLARED",
    "The policy says who must not label what, and annotator %(annotator)s has not declared up to %(day)s that"
    " none of it is true of them.",
    "Have them declare it, and enter the day; who cannot declare it does not label.",
)


@dataclass(frozen=True, kw_only=True)
class Demands:
    """What a labeling policy and the class of its data ask of those who label. `rank` is `None` where nobody
    has said the class of all the data; `countries` are empty where people may label from anywhere, and hold
    what is no code as the policy says it, so that nobody meets that."""

    score: float = LEAST_SCORE
    rank: int | None = None
    needs_contract: bool = False
    countries: tuple[str, ...] = ()
    has_conflicts: bool = False
    is_hard: bool = False
    hours_a_day: int | None = None


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A row of the roster, from `begins` until it `ended`. `person` is the uid of somebody of the house;
    `has_contract`: of their party, with all clauses, in force; `country`: from which they label;
    `no_conflict_on`: the day on which they declared that they are none of those who must not label."""

    code: str
    person: str = ""
    group: str = ""
    role: AnnotatorRole = AnnotatorRole.ANNOTATOR
    cleared_rank: int | None = None
    trained_on: date | None = None
    score: float | None = None
    undertaking_on: date | None = None
    has_contract: bool = False
    country: str = ""
    no_conflict_on: date | None = None
    opted_in_hard: bool = False
    hours_a_day: int | None = None
    begins: date
    ended: date | None = None

    def overlaps(self, since: date, until: date) -> bool:
        return self.begins <= until and (self.ended is None or self.ended >= since)


def lacking(row: Listed, demands: Demands, *, on: date) -> Iterator[Reason]:
    """Everything that keeps them from labeling on that day."""
    if row.score is None or row.score < demands.score:
        reached = "nothing" if row.score is None else f"{row.score:g}"
        yield _of(TEST_FAILED, "test_score", row, score=reached, needed=f"{demands.score:g}")
    if row.trained_on is None or row.trained_on > on:
        yield _of(NOT_TRAINED, "trained_on", row, day=on.isoformat())
    if row.undertaking_on is None or row.undertaking_on > on:
        yield _of(NOT_BOUND, "undertaking_on", row, day=on.isoformat())
    if demands.rank is None:
        yield Reason(code=CLASS_UNKNOWN, rule="L02", articles=LAW, field="cleared_rank")
    elif row.cleared_rank is None or row.cleared_rank < demands.rank:
        cleared = "none" if row.cleared_rank is None else str(row.cleared_rank)
        yield _of(NOT_CLEARED, "cleared_rank", row, cleared=cleared, needed=demands.rank)
    if demands.needs_contract and not row.has_contract:
        yield _of(NO_CONTRACT, "contract", row)
    yield from _elsewhere(row, demands)
    if demands.has_conflicts and (row.no_conflict_on is None or row.no_conflict_on > on):
        yield _of(CONFLICT_UNDECLARED, "no_conflict_on", row, day=on.isoformat())
    if demands.is_hard:
        yield from _exposed(row, demands)


def _elsewhere(row: Listed, demands: Demands) -> Iterator[Reason]:
    named = demands.countries
    if not named:
        return
    if not row.country:
        yield _of(COUNTRY_UNKNOWN, "country", row, countries=named)
    elif not is_among(row.country, named):
        yield _of(COUNTRY_EXCLUDED, "country", row, country=row.country, countries=named)


def is_among(place: str, countries: tuple[str, ...]) -> bool:
    """Whether a country, or a part of one such as DE-BY, is one of those that are named."""
    country = place[:2]
    return country in countries or (REGION in countries and country in EEA)


def _exposed(row: Listed, demands: Demands) -> Iterator[Reason]:
    if not row.opted_in_hard:
        yield _of(NOT_AGREED, "opted_in_hard", row)
    most = demands.hours_a_day
    if most is not None and row.hours_a_day is not None and row.hours_a_day > most:
        yield _of(TOO_MANY_HOURS, "hours_a_day", row, given=row.hours_a_day, most=most)


LAW = ("GDPR Art. 28", "GDPR Art. 29", "GDPR Art. 32(4)")


def _of(code: str, field: str, row: Listed, **facts: Value) -> Reason:
    rule = "L15" if field in ("opted_in_hard", "hours_a_day") else "L02"
    articles = () if rule == "L15" else LAW
    return Reason(
        code=code, rule=rule, articles=articles, field=field, facts={"annotator": row.code, **facts}
    )
