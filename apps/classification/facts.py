"""Classes and classifications as the policy floor reads them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from apps.accounts.authorization import Resource
from apps.accounts.models import Organization
from apps.classification.models import Classification, DataCategory, SensitivityClass
from apps.policy.facts import NO_LIMIT, ColumnFacts, HandlingFacts, Identifiability


def ladders(about: SensitivityClass | None = None) -> list[Resource]:
    """The ladder is the installation's: one holds the role in every organization it binds."""
    return [
        Resource(kind="sensitivity class", uid=about.uid if about else None, organization_id=organization)
        for organization in Organization.objects.order_by("pk").values_list("pk", flat=True)
    ]


@dataclass(frozen=True, kw_only=True)
class ColumnStanding:
    """What holds for a column of a version, all but the purposes it is permitted for."""

    class_rank: int
    categories: frozenset[str]
    special_kinds: frozenset[str]
    is_criminal: bool
    is_personal: bool
    identifiability: Identifiability
    is_confirmed: bool
    has_assessment: bool
    said_by: frozenset[str]


def handling_facts() -> tuple[HandlingFacts, ...]:
    """The whole ladder of this installation. One query."""
    return tuple(
        HandlingFacts(
            rank=each.rank,
            code=each.code,
            max_grant_days=NO_LIMIT if each.max_grant_days is None else each.max_grant_days,
            max_lease_minutes=NO_LIMIT if each.max_lease_minutes is None else each.max_lease_minutes,
            stages=tuple(each.stages),
            needs_step_up=each.needs_step_up,
            is_auto_ok_allowed=each.is_auto_ok_allowed,
        )
        for each in SensitivityClass.objects.order_by("rank")
    )


def column_standings(version_keys: Collection[int]) -> Mapping[tuple[int, str], ColumnStanding]:
    """What holds, by version and column. One query, however many versions."""
    return {(row.version_id, row.column_name): standing for row, standing in standing_rows(version_keys)}


def standing_rows(
    version_keys: Collection[int], *, also: QuerySet[Any, Any] | None = None, **noted: Any
) -> list[tuple[Any, ColumnStanding]]:
    """The rows behind `column_standings`, also for the versions of a further query, with what is `noted` of
    each. One query."""
    named = DataCategory.objects.filter(_is_among(F("code"), OuterRef("category_codes")))
    in_words = JSONObject(special_kind="special_kind", is_criminal="is_criminal", is_personal="is_personal")
    asked = Q(version__in=version_keys) if also is None else Q(version__in=version_keys) | Q(version__in=also)
    rows = Classification.objects.current().filter(asked)
    rows = rows.annotate(named=ArraySubquery(named.values_list(in_words)), **noted)
    related = ("sensitivity_class", "classified_by", "decided_by")
    return [(row, _standing(row)) for row in rows.select_related(*related)]


def column_facts(
    name: str, standing: ColumnStanding | None, permitted_purposes: frozenset[str]
) -> ColumnFacts:
    """A column nobody spoke of is stated as not known in every respect."""
    if standing is None:
        return ColumnFacts(
            name=name,
            class_rank=None,
            categories=frozenset(),
            special_kinds=frozenset(),
            is_criminal=None,
            is_personal=None,
            identifiability=None,
            is_confirmed=False,
            permitted_purposes=permitted_purposes,
        )
    return ColumnFacts(
        name=name,
        class_rank=standing.class_rank,
        categories=standing.categories,
        special_kinds=standing.special_kinds,
        is_criminal=standing.is_criminal,
        is_personal=standing.is_personal,
        identifiability=standing.identifiability,
        is_confirmed=standing.is_confirmed,
        permitted_purposes=permitted_purposes,
    )


def _is_among(code: F, codes: OuterRef) -> Func:
    return Func(code, codes, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def _standing(row: Any) -> ColumnStanding:
    named = row.named
    if len(named) != len(row.category_codes):  # what is not known must not pass for harmless
        raise LookupError(f"A category among {row.category_codes} is not in the taxonomy.")
    return ColumnStanding(
        class_rank=row.sensitivity_class.rank,
        categories=frozenset(row.category_codes),
        special_kinds=frozenset(each["special_kind"] for each in named if each["special_kind"]),
        is_criminal=any(each["is_criminal"] for each in named),
        is_personal=_is_personal(row, any(each["is_personal"] for each in named)),
        identifiability=Identifiability(row.identifiability),
        is_confirmed=row.is_confirmed,
        has_assessment=bool(row.assessment_ref),
        said_by=frozenset(str(who.uid) for who in (row.classified_by, row.decided_by) if who is not None),
    )


def _is_personal(row: Classification, is_named_personal: bool) -> bool:
    """Anonymised under an assessment: the categories tell what the data once were (GDPR rec. 26)."""
    if row.identifiability == Identifiability.NOT_PERSONAL:
        return is_named_personal
    return row.identifiability != Identifiability.ANONYMISED or not row.assessment_ref
