"""Reads of occurrences: what they reach, what has to be done, and what stands against a release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet

from apps.catalog.models import AssetKind, AssetVersion
from apps.compliance.facts.reach import (
    flags_on,
    newest_list,
    reach_of,
    to_be_closed,
    why_closed,
)
from apps.compliance.lifecycle.occurrences import (
    EFFECTS,
    DutySpec,
    Effects,
    OccurrenceState,
    duties_of,
)
from apps.compliance.models import AffectedVersion, Duty, Exclusion, ModelAssessment, Occurrence
from apps.compliance.queries.legal import records_of_kinds
from apps.kernel.actor import Actor
from apps.kernel.contributions import Affected
from apps.kernel.models import HouseQuerySet
from apps.policy.law_words import RowFlag
from apps.policy.reason import Reason

RESTED_ON = frozenset[str]().union(*(effects.sources for effects in EFFECTS.values()))
"""Kinds of records that an occurrence may rest on."""


@dataclass(frozen=True, kw_only=True)
class Reached:
    """A version that an occurrence reaches, and the one it came through; `None` where it is named itself."""

    version: AssetVersion
    through: AssetVersion | None
    closing: str

    @property
    def is_model(self) -> bool:
        return self.version.asset.kind == AssetKind.MODEL


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What an occurrence does, or would do while it is a draft."""

    occurrence: Occurrence
    effects: Effects
    reached: tuple[Reached, ...]
    duties: tuple[DutySpec, ...]

    @property
    def models(self) -> tuple[Reached, ...]:
        return tuple(each for each in self.reached if each.is_model)

    @property
    def datasets(self) -> tuple[Reached, ...]:
        return tuple(each for each in self.reached if not each.is_model)


@dataclass(frozen=True, kw_only=True)
class RowsHeld:
    """How a version stands: why it gives nothing, and whether it leaves out what must not be read."""

    version: AssetVersion
    why_closed: tuple[Reason, ...]
    flags: frozenset[RowFlag]
    newest_list: int
    stated: tuple[Exclusion, ...]

    @property
    def uid(self) -> UUID:
        return self.version.uid

    @property
    def applied_list(self) -> int:
        """Up to which it leaves the rows out; 0: none."""
        return max((each.up_to for each in self.stated), default=0)

    @property
    def is_to_vouch(self) -> bool:
        return bool(self.newest_list) and self.applied_list < self.newest_list


def versions_reached(occurrence_uid: UUID) -> Iterator[Affected]:
    """For the preview: every version, whoever looks."""
    reached = AssetVersion.objects.filter(pk__in=reach_of(occurrence_uid).through)
    for uid, row_version in reached.order_by().values_list("uid", "row_version"):
        yield Affected(kind="version", uid=uid, row_version=row_version)


def occurrences_visible_to(actor: Actor) -> HouseQuerySet[Occurrence]:
    """With how many versions each reaches, and how many duties are open."""
    affected = AffectedVersion.objects.select_related("version__asset", "through__asset").order_by("pk")
    found = Occurrence.objects.visible_to(actor).select_related(
        "organization", "source", "drafted_by", "took_effect_by"
    )
    return found.prefetch_related(Prefetch("affected", queryset=affected)).annotate(
        open_duties=Count("duties", filter=Q(duties__done_at__isnull=True), distinct=True)
    )


def preview_of(actor: Actor, occurrence_id: UUID) -> Preview:
    """Of a draft, what would follow now; else what followed.  Raises: NotFound."""
    occurrence: Occurrence = occurrences_visible_to(actor).one(occurrence_id)
    if occurrence.state == OccurrenceState.DRAFT:
        reached = _would_reach(occurrence)
    else:
        reached = tuple(
            Reached(version=row.version, through=row.through, closing=row.closing)
            for row in occurrence.affected.all()
        )
    return Preview(
        occurrence=occurrence,
        effects=EFFECTS[occurrence.kind_of],
        reached=reached,
        duties=tuple(
            duties_of(
                occurrence.kind_of,
                has_other_ground=occurrence.has_other_ground,
                has_models=any(each.is_model for each in reached),
            )
        ),
    )


def _would_reach(occurrence: Occurrence) -> tuple[Reached, ...]:
    through = reach_of(occurrence.uid).through
    versions = AssetVersion.objects.select_related("asset").in_bulk(list(through))
    return tuple(
        Reached(
            version=versions[pk],
            through=versions[before] if before else None,
            closing=to_be_closed(occurrence, versions[pk].asset.kind) or "",
        )
        for pk, before in through.items()
    )


def duties_visible_to(actor: Actor) -> HouseQuerySet[Duty]:
    return _with_what_they_are_about(Duty.objects.visible_to(actor))


def duties_asked_of(actor: Actor) -> QuerySet[Duty]:
    """Open, and the actor's to do; the next one due first. One query."""
    return _with_what_they_are_about(Duty.objects.asked_of(actor)).order_by("due_on", "pk")


def _with_what_they_are_about(duties: HouseQuerySet[Duty]) -> HouseQuerySet[Duty]:
    return duties.select_related("occurrence", "asset", "person", "done_by")


def duties_of_occurrence(occurrence: Occurrence) -> Sequence[Duty]:
    return list(
        _with_what_they_are_about(Duty.objects.filter(occurrence=occurrence)).order_by("due_on", "pk")
    )


def model_assessments_visible_to(actor: Actor) -> HouseQuerySet[ModelAssessment]:
    related = ("version__asset", "occurrence", "decided_by")
    return ModelAssessment.objects.visible_to(actor).select_related(*related)


def models_of_occurrence(actor: Actor, occurrence: Occurrence) -> Sequence[ModelAssessment]:
    """What becomes of the models that learned from the data, as far as the actor may see them. One query."""
    return list(model_assessments_visible_to(actor).filter(occurrence=occurrence).order_by("due_on", "pk"))


def model_assessments_asked_of(actor: Actor) -> QuerySet[ModelAssessment]:
    """Open, on models that the actor owns; the next one due first. One query."""
    related = ("version__asset", "occurrence")
    return ModelAssessment.objects.to_decide(actor).select_related(*related).order_by("due_on", "pk")


def records_to_rest_on(actor: Actor) -> QuerySet[Any]:
    """Records of the kinds that an occurrence may rest on, by number. One query."""
    return records_of_kinds(actor, RESTED_ON)


def rows_held(actor: Actor, version_id: UUID) -> RowsHeld:
    """Raises: NotFound."""
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(version_id)
    return rows_held_by(version)


def rows_held_by(version: AssetVersion) -> RowsHeld:
    stated = Exclusion.objects.filter(version=version).select_related("stated_by").order_by("-up_to")
    return RowsHeld(
        version=version,
        why_closed=why_closed([version.pk]).get(version.pk, ()),
        flags=flags_on([version.pk]),
        newest_list=newest_list([version.pk]),
        stated=tuple(stated),
    )
