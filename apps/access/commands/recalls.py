"""Telling whoever had access what became of the data, and having them say that copies are deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from apps.access.errors import ATTESTATION_EMPTY, NOTHING_TO_ATTEST, RECALL_ATTESTED
from apps.access.events import CopiesAttested, GrantRecalled
from apps.access.facts import grant_resource
from apps.access.models import Grant, Recall
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance.lifecycle.occurrences import ATTEST_DAYS, EFFECTS, AccessEffect
from apps.compliance.models import Occurrence
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, invalid_state


@command(lock=Grant)
def recall_grant(*, actor: Actor, grant_id: UUID, occurrence_id: UUID, at: datetime) -> Recall:
    """Tell whoever has or had access by a grant what happened to the data. Done once for each occurrence.

    Raises: NotFound, NotPermitted.
    """
    grant = Grant.objects.visible_to(actor).for_update(grant_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(grant))
    occurrence = Occurrence.objects.visible_to(actor).one(occurrence_id)
    told = Recall.objects.filter(grant=grant, occurrence=occurrence).first()
    if told is not None:
        return told
    is_to_attest = AccessEffect.RECALL in EFFECTS[occurrence.kind_of].access
    due_on: date | None = at.date() + timedelta(days=ATTEST_DAYS) if is_to_attest else None
    recall = Recall.objects.create(grant=grant, occurrence=occurrence, due_on=due_on, created_at=at)
    event = GrantRecalled(
        grant_id=grant.uid,
        recall_id=recall.uid,
        occurrence_id=occurrence.uid,
        happening=occurrence.happening,
        due_on=due_on,
    )
    record(event, actor=actor, at=at)
    return recall


@command(lock=Recall)
def attest_recall(*, actor: Actor, recall_id: UUID, attestation: str, at: datetime) -> Recall:
    """Say that copies are deleted, or that there never were any. It stays, under one's name.

    Raises: NotFound, NotPermitted, InvalidInput (nothing said), InvalidState (not asked, or said already).
    """
    recall = Recall.objects.visible_to(actor).for_update(recall_id)
    authorize(actor=actor, operation=Operation.ATTEST_RECALL, resource=grant_resource(recall.grant))
    if recall.due_on is None:
        raise invalid_state(NOTHING_TO_ATTEST)
    if recall.attested_at is not None:
        raise invalid_state(RECALL_ATTESTED)
    if not attestation.strip():
        raise invalid("attestation", ATTESTATION_EMPTY)
    recall.attested_at, recall.attested_by_id, recall.attestation = at, actor.person_key, attestation
    recall.write("attested_at", "attested_by", "attestation")
    event = CopiesAttested(recall_id=recall.uid, grant_id=recall.grant.uid, attestation=attestation)
    record(event, actor=actor, at=at)
    return recall
