"""Occurrences that follow by themselves from what people decided, from changes, and from the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.compliance.commands import review
from apps.compliance.commands.occurrences import (
    OccurrenceDraft,
    draft_occurrence,
    lift_occurrence,
    put_in_effect,
)
from apps.compliance.commands.steps import take_step
from apps.compliance.facts.agreements import counting_of, where_it_stands
from apps.compliance.facts.sources import versions_named_by
from apps.compliance.facts.steps import log_of
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.dpia import DPIAS
from apps.compliance.lifecycle.following import (
    Lifted,
    Takes,
    what_follows_a_dpia,
    what_follows_a_request,
    what_follows_an_agreement,
)
from apps.compliance.lifecycle.occurrences import Happening, OccurrenceState
from apps.compliance.lifecycle.rights import RIGHTS
from apps.compliance.lifecycle.use_agreements import USE_AGREEMENTS
from apps.compliance.models import LegalRecord, LegalRecordVersion, Occurrence
from apps.kernel.actor import Actor


@command(lock=LegalRecord)
def follow_record(*, actor: Actor, legal_record_id: UUID, at: datetime) -> None:
    """Let a request of a data subject, an outdated assessment, or an agreement that is over have the effects
    it has by now.

    Restriction and objection bind before they are decided (Art. 18(1)(d)). Doing it twice does nothing more.
    Raises: NotFound, NotPermitted.
    """
    row = LegalRecord.objects.visible_to(actor).for_update(legal_record_id)
    resource = review.record_resource("record", row)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    version = counting_of(row)
    if version is None:
        return
    if row.kind == USE_AGREEMENTS.slug:
        _follow_days(row, version, actor=actor, at=at)
        follows = what_follows_an_agreement(version.said, row.stage)
    elif version.record_status != RecordStatus.APPROVED:
        return
    elif row.kind == RIGHTS.slug:
        follows = what_follows_a_request(version.said, row.stage, log_of(row))
    elif row.kind == DPIAS.slug:
        follows = what_follows_a_dpia(row.stage)
    else:
        return
    for each in follows:
        if isinstance(each, Lifted):
            _lift(row, each, actor=actor, at=at)
        else:
            _take(row, each, actor=actor, at=at)


@command(lock=Organization)
def occur(
    *,
    actor: Actor,
    organization_id: UUID,
    happening: Happening,
    said: str,
    version_ids: Sequence[UUID],
    at: datetime,
) -> Occurrence:
    """Something that nobody has to decide has happened to versions: the machine lets it take effect.

    Raises: NotFound, NotPermitted, InvalidInput.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    draft = OccurrenceDraft(happening=happening, said=said, version_ids=version_ids)
    drafted = draft_occurrence(actor=actor, organization_id=organization_id, draft=draft, at=at)
    made: Occurrence = put_in_effect(actor=actor, occurrence_id=drafted.uid, at=at)
    return made


def _follow_days(row: LegalRecord, version: LegalRecordVersion, *, actor: Actor, at: datetime) -> None:
    """Move an agreement on to where its days have brought it, if it is not there.

    One that people ended goes on with a version that was signed off since; one whose data are gone, never.
    """
    stage = where_it_stands(row, version, on=at.date())
    if row.stage != stage:
        taken = take_step(
            actor=actor, legal_record_id=row.uid, step="follow", said={"stage": stage.value}, at=at
        )
        row.stage = taken.stage_after


def _take(row: LegalRecord, follows: Takes, *, actor: Actor, at: datetime) -> None:
    of = Occurrence.objects.filter(source=row, happening=follows.happening)
    if of.exclude(state=OccurrenceState.DISCARDED).exclude(state=OccurrenceState.LIFTED).exists():
        return
    if not versions_named_by(row, on=at.date()).exists():
        return
    draft = OccurrenceDraft(happening=follows.happening, said=follows.said, source_id=row.uid)
    drafted = draft_occurrence(actor=actor, organization_id=row.organization.uid, draft=draft, at=at)
    put_in_effect(actor=actor, occurrence_id=drafted.uid, at=at)


def _lift(row: LegalRecord, follows: Lifted, *, actor: Actor, at: datetime) -> None:
    of = Occurrence.objects.in_effect().filter(source=row, happening=follows.happening)
    for uid in of.values_list("uid", flat=True):
        lift_occurrence(actor=actor, occurrence_id=uid, reason=follows.said, at=at)
