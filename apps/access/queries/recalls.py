"""Grants that an occurrence reaches: those that live, everybody who ever received the data, and recalls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access.lifecycle import LIVE_GRANT, GrantState
from apps.access.models import Grant, GrantMode, Recall
from apps.access.models.sight import projects_of
from apps.accounts.models import Organization
from apps.compliance.facts.reach import reach_of
from apps.compliance.lifecycle.occurrences import EFFECTS, AccessEffect
from apps.compliance.lifecycle.parties import PARTIES
from apps.compliance.models import AffectedVersion, LegalRecordVersion, Occurrence
from apps.kernel.actor import Actor
from apps.kernel.contributions import Affected


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Somebody who was given the data (GDPR Art. 19), by a grant, from then on and until then."""

    grant: Grant
    organization: Organization
    since: datetime
    until: datetime
    recall: Recall | None

    @property
    def uid(self) -> UUID:
        return self.grant.uid


def grants_reached(occurrence: Occurrence, versions: Any) -> QuerySet[Grant]:
    """Live ones, judged by versions that it reaches, as far as it has any effect on access."""
    effects = EFFECTS[occurrence.kind_of]
    found = Grant.objects.filter(state__in=LIVE_GRANT, version__in=versions)
    if not effects.access:
        return found.none()
    if AccessEffect.REVOKE_BY_COUNTRY in effects.access:
        found = found.filter(_in_country(occurrence))
    return found


def _in_country(occurrence: Occurrence) -> Q:
    """Whose employer sits there, their organization or the party they work for; or who processes there."""
    country, place = occurrence.country, "revision__place_of_processing"
    there = Q(**{place: country}) | Q(**{f"{place}__startswith": f"{country}-"})
    employers = LegalRecordVersion.objects.filter(
        legal_record__organization=occurrence.organization_id,
        legal_record__kind=PARTIES.slug,
        record_status="approved",
        content__country=country,
    )
    by_party = Q(person__employer_ref__in=employers.values("legal_record__ref"))
    return Q(person__organization__country=country) | by_party | there


def access_under_occurrence(occurrence_uid: UUID) -> Iterator[Affected]:
    """Every live grant that it reaches, whoever looks. One query besides its reach."""
    reach = reach_of(occurrence_uid)
    reached = grants_reached(reach.occurrence, list(reach.through))
    for uid, row_version in reached.order_by().values_list("uid", "row_version"):
        yield Affected(kind="grant", uid=uid, row_version=row_version)


def recipients_of(occurrence: Occurrence) -> tuple[Recipient, ...]:
    """Everybody who has or had a grant on a version that it reaches, whether they took a key or not.

    A following grant may have opened any version of its asset. Of what never took effect nobody. Two queries.
    """
    if occurrence.took_effect_at is None:
        return ()
    affected = AffectedVersion.objects.filter(occurrence=occurrence)
    pinned = Q(version__in=affected.values("version"))
    following = Q(mode=GrantMode.FOLLOWING, asset__in=affected.values("version__asset"))
    related = ("person__organization", "project", "service_account", "asset", "purpose", "version")
    grants = Grant.objects.filter(pinned | following, not_before__lte=occurrence.took_effect_at)
    recalls = {recall.grant_id: recall for recall in Recall.objects.filter(occurrence=occurrence)}
    return tuple(
        Recipient(
            grant=grant,
            organization=grant.person.organization,
            since=grant.not_before,
            until=grant.ended_at or grant.not_after,
            recall=recalls.get(grant.pk),
        )
        for grant in grants.select_related(*related).order_by("pk")
    )


def held_back_on(occurrence_uid: UUID) -> QuerySet[Grant]:
    """Grants that the machine suspended for whatever occurrence, on versions that this one reaches."""
    affected = AffectedVersion.objects.filter(occurrence__uid=occurrence_uid, version=OuterRef("version"))
    return _held_back().filter(Exists(affected))


def held_back_on_asset(asset_uid: UUID) -> QuerySet[Grant]:
    """Grants on the asset that the machine suspended for an occurrence."""
    return _held_back().filter(asset__uid=asset_uid)


def _held_back() -> QuerySet[Grant]:
    by_machine = Q(suspensions__resumed_at__isnull=True, suspensions__occurrence__isnull=False)
    return Grant.objects.filter(by_machine, state=GrantState.SUSPENDED).order_by("pk")


def recalls_visible_to(actor: Actor) -> QuerySet[Recall]:
    related = ("grant__asset", "grant__purpose", "occurrence", "attested_by")
    return Recall.objects.visible_to(actor).select_related(*related)


def recalls_asked_of(actor: Actor) -> QuerySet[Recall]:
    """Those that the actor has to answer: by grants of theirs, and of projects they lead. One query."""
    own = Q(grant__person=actor.person_key, grant__project__isnull=True)
    own |= Q(grant__project__lead=actor.person_key) & Q(grant__project__in=projects_of(actor))
    found = recalls_visible_to(actor).filter(own, due_on__isnull=False, attested_at__isnull=True)
    return found.order_by("due_on", "pk")
