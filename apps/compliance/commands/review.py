"""What all records have in common: drafts, review by a second person, approval, versions that follow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from apps.accounts.authorization import Resource
from apps.accounts.models import Organization
from apps.compliance.errors import (
    NO_APPROVED_VERSION,
    NO_OPEN_VERSION,
    OWN_RECORD,
    PERSON_NEEDED,
    RECORD_IN_REVIEW,
    REJECTION_REASON_MISSING,
    RETURN_REASON_MISSING,
)
from apps.compliance.lifecycle import RecordStatus, move
from apps.compliance.models import OPEN, RecordVersion
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.errors import NotPermitted, RuleBroken, invalid, invalid_state
from apps.policy.reason import Reason

V = TypeVar("V", bound=RecordVersion)


def record_resource(kind: str, row: Any) -> Resource:
    return Resource(kind=kind, uid=row.uid, organization_id=row.organization_id)


def next_ref(table: type[models.Model], prefix: str, organization: Organization) -> str:
    """PU-0001, PU-0002, …  Records are never deleted, and the organization's row is locked."""
    count = table._default_manager.filter(organization=organization).count()
    return f"{prefix}-{count + 1:04}"


def draft_of(versions: Iterable[V], ref: str) -> V | None:
    """The draft being written, if any.  Raises: InvalidState while a version is in review."""
    for version in versions:
        if version.record_status == RecordStatus.IN_REVIEW:
            raise invalid_state(RECORD_IN_REVIEW, number=version.number, ref=ref)
        if version.record_status == RecordStatus.DRAFT:
            return version
    return None


def open_version(versions: Iterable[V], ref: str) -> V:
    """Raises: InvalidState where nobody is working on a version."""
    for version in versions:
        if version.record_status in OPEN:
            return version
    raise invalid_state(NO_OPEN_VERSION, ref=ref)


def approved_version(versions: Iterable[V], ref: str) -> V:
    """Raises: InvalidState."""
    for version in versions:
        if version.record_status == RecordStatus.APPROVED:
            return version
    raise invalid_state(NO_APPROVED_VERSION, ref=ref)


def written_by(version: RecordVersion, actor: Actor) -> None:
    if actor.person_id is not None:
        version.editors.add(actor.person_id)


def submit(version: RecordVersion, objections: tuple[Reason, ...], *, actor: Actor, at: datetime) -> None:
    """Raises: InvalidState, RuleBroken."""
    status = move(version.record_status, RecordStatus.IN_REVIEW)
    refuse(objections)
    written_by(version, actor)
    version.record_status, version.returned_reason = status, ""
    version.submitted_by_id, version.submitted_at = actor.person_id, at
    version.write("record_status", "returned_reason", "submitted_by", "submitted_at")


def send_back(version: RecordVersion, reason: str) -> None:
    """To draft again.  Raises: InvalidState, InvalidInput."""
    status = move(version.record_status, RecordStatus.DRAFT)
    if not reason.strip():
        raise invalid("reason", RETURN_REASON_MISSING)
    version.record_status, version.returned_reason = status, reason
    version.write("record_status", "returned_reason")


def turn_down(version: RecordVersion, reason: str, *, actor: Actor, at: datetime) -> None:
    """For good; whoever wrote it takes it back instead.  Raises: NotPermitted, InvalidState, InvalidInput."""
    status = move(version.record_status, RecordStatus.REJECTED)
    refuse_own(version, actor)
    if not reason.strip():
        raise invalid("reason", REJECTION_REASON_MISSING)
    version.record_status, version.returned_reason = status, reason
    version.rejected_by_id, version.ended_at = actor.person_id, at
    version.write("record_status", "returned_reason", "rejected_by", "ended_at")


def sign_off(version: V, versions: Iterable[V], *changed: str, actor: Actor, at: datetime) -> V | None:
    """Approve; the version approved before is superseded, and returned.  Raises: InvalidState."""
    status = move(version.record_status, RecordStatus.APPROVED)
    before = next((each for each in versions if each.record_status == RecordStatus.APPROVED), None)
    if before is not None:
        finish(before, RecordStatus.SUPERSEDED, at=at)
    version.record_status = status
    version.approved_by_id, version.approved_at = actor.person_id, at
    version.write("record_status", "approved_by", "approved_at", *changed)
    return before


def finish(version: RecordVersion, status: RecordStatus, *, at: datetime) -> None:
    """Raises: InvalidState."""
    version.record_status, version.ended_at = move(version.record_status, status), at
    version.write("record_status", "ended_at")


def refuse_own(version: RecordVersion, actor: Actor) -> None:
    """V-30. People are compared, never accounts; a machine approves nothing.  Raises: NotPermitted."""
    if actor.kind is not ActorKind.PERSON or actor.person_id is None:
        raise NotPermitted(Reason(code=PERSON_NEEDED, rule="V-30", articles=("GDPR Art. 5(2)",)))
    if actor.person_id in {version.submitted_by_id, *(person.pk for person in version.editors.all())}:
        raise NotPermitted(Reason(code=OWN_RECORD, rule="V-30", articles=("GDPR Art. 5(2)", "GDPR Art. 24")))


def refuse(objections: tuple[Reason, ...]) -> None:
    """Raises: RuleBroken, with everything that is missing."""
    if objections:
        raise RuleBroken(*objections)
