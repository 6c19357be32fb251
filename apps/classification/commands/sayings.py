"""What may be said about a column, and whether it makes sense."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.classification import errors
from apps.classification.lifecycle import Saying
from apps.classification.models import WHOLE_VERSION, DataCategory, SensitivityClass
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import InvalidInput, RuleBroken, invalid
from apps.policy.reason import Reason, Value
from apps.policy.vocabulary import Identifiability

_IDENTIFYING = (Identifiability.IDENTIFIED, Identifiability.PSEUDONYMISED)


@dataclass(frozen=True, kw_only=True)
class ColumnClassification:
    """What somebody says about a column; `column` is left out where the version has none."""

    column: str | None = None
    sensitivity_class_code: str
    category_codes: tuple[str, ...] = ()
    identifiability: Identifiability
    reason: str = ""
    assessment_ref: str = ""

    def named(self, columns: Mapping[str, str]) -> str:
        return WHOLE_VERSION if self.column is None and WHOLE_VERSION in columns else self.column or ""


@dataclass(frozen=True, kw_only=True)
class Ladder:
    """The classes and categories there are. Two queries."""

    by_code: Mapping[str, SensitivityClass]
    by_rank: Mapping[int, SensitivityClass]
    personal: frozenset[str]
    in_use: frozenset[str]

    @classmethod
    def read(cls) -> Ladder:
        classes = list(SensitivityClass.objects.all())
        categories = list(DataCategory.objects.all())
        return cls(
            by_code={each.code: each for each in classes},
            by_rank={each.rank: each for each in classes},
            personal=frozenset(each.code for each in categories if each.is_personal),
            in_use=frozenset(each.code for each in categories if each.deprecated_on is None),
        )

    def saying(self, item: ColumnClassification) -> Saying:
        codes = frozenset(item.category_codes)
        return Saying(
            rank=self.by_code[item.sensitivity_class_code].rank,
            categories=codes,
            personal=codes & self.personal,
            identifiability=Identifiability(item.identifiability),
        )


def check_words(items: Sequence[ColumnClassification], columns: Mapping[str, str], ladder: Ladder) -> None:
    """Raises: InvalidInput, with everything that is wrong."""
    if not items:
        raise invalid("items", errors.NOTHING_TO_CLASSIFY)
    reasons = [reason for place, item in enumerate(items) for reason in _words(place, item, columns, ladder)]
    seen: set[str] = set()
    for place, item in enumerate(items):
        name = item.named(columns)
        if name in seen:
            reasons.append(_reason(place, "column", errors.COLUMN_CLASSIFIED_TWICE, column=name))
        seen.add(name)
    if reasons:
        raise InvalidInput(*reasons)


def check_rules(
    actor: Actor, items: Sequence[ColumnClassification], columns: Mapping[str, str], ladder: Ladder
) -> None:
    """Raises: RuleBroken, with every rule that is broken."""
    reasons = [
        reason
        for place, item in enumerate(items)
        for reason in _rules(place, item, item.named(columns), actor, ladder)
    ]
    if reasons:
        raise RuleBroken(*reasons)


def _words(
    place: int, item: ColumnClassification, columns: Mapping[str, str], ladder: Ladder
) -> Iterator[Reason]:
    if item.column is None and WHOLE_VERSION not in columns:
        yield _reason(place, "column", errors.COLUMN_MISSING)
    elif item.named(columns) not in columns:
        yield _reason(place, "column", errors.COLUMN_UNKNOWN, column=item.named(columns))
    if item.sensitivity_class_code not in ladder.by_code:
        facts = {"class_code": item.sensitivity_class_code, "known": ", ".join(ladder.by_code)}
        yield _reason(place, "sensitivity_class_code", errors.CLASS_UNKNOWN, **facts)
    for category in item.category_codes:
        if category not in ladder.in_use:
            yield _reason(place, "category_codes", errors.CATEGORY_UNKNOWN, category=category)


def _rules(
    place: int, item: ColumnClassification, column: str, actor: Actor, ladder: Ladder
) -> Iterator[Reason]:
    personal = ", ".join(sorted(set(item.category_codes) & ladder.personal))
    if item.identifiability in _IDENTIFYING and not personal:
        yield _reason(place, "category_codes", errors.CATEGORY_MISSING, column=column)
    if item.identifiability == Identifiability.ANONYMISED and not item.assessment_ref.strip():
        yield _reason(place, "assessment_ref", errors.ASSESSMENT_MISSING, column=column)
    if item.identifiability != Identifiability.NOT_PERSONAL:
        return
    if personal:
        facts = {"column": column, "categories": personal}
        yield _reason(place, "category_codes", errors.PERSONAL_CATEGORY, **facts)
    if not item.reason.strip():
        yield _reason(place, "reason", errors.REASON_MISSING, column=column)
    if actor.kind is not ActorKind.PERSON:
        yield _reason(place, "identifiability", errors.STEWARD_MISSING, column=column)


_SOURCES = {
    errors.CATEGORY_UNKNOWN: ("V-23", ()),
    errors.CATEGORY_MISSING: ("V-01", ("GDPR Art. 30(1)(c)",)),
    errors.ASSESSMENT_MISSING: ("V-22", ("GDPR rec. 26",)),
    errors.PERSONAL_CATEGORY: ("A00", ("GDPR Art. 4(1)", "GDPR rec. 26")),
    errors.REASON_MISSING: ("A00", ("GDPR Art. 5(2)",)),
    errors.STEWARD_MISSING: ("A00", ("GDPR Art. 5(2)",)),
}


def _reason(place: int, field: str, code: str, **facts: Value) -> Reason:
    rule, articles = _SOURCES.get(code, ("", ()))
    return Reason(code=code, rule=rule, articles=articles, field=f"items.{place}.{field}", facts=facts)
