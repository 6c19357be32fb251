"""Writing, reviewing and approving records of every declared kind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max

from apps.accounts.authorization import authorize
from apps.accounts.commands.organizations import present
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.commands.concepts import concept_in_use
from apps.compliance.commands.naming import refuse_unknown
from apps.compliance.commands.steps import begin_anew
from apps.compliance.errors import KIND_UNKNOWN
from apps.compliance.facts import around
from apps.compliance.facts.around import references
from apps.compliance.lifecycle import RecordStatus
from apps.compliance.lifecycle.declaration import PERIOD_REVERSED, Content, Kind, Shape
from apps.compliance.lifecycle.judging import Findings, judge
from apps.compliance.lifecycle.kinds import KINDS
from apps.compliance.lifecycle.reading import content_sha256, read, written
from apps.compliance.models import LegalRecord, LegalRecordVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid


@command(lock=Organization)
def draft_record(
    *, actor: Actor, organization_id: UUID, kind: str, content: Content, at: datetime
) -> LegalRecordVersion:
    """Begin a record of a declared kind.  Raises: NotFound, NotPermitted, InvalidInput."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    declared = _declared(kind)
    begun = LegalRecord(
        kind=kind,
        organization=organization,
        ref=_next_ref(declared, organization),
        stage=declared.cycle.begins if declared.cycle else "",
        created_at=at,
    )
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=review.record_resource("record", begun))
    values = legal_values(declared, content, organization, actor=actor, at=at)
    begun.save(force_insert=True)
    return _begin(begun, values, actor=actor, at=at)


@command(lock=LegalRecord)
def edit_record(
    *,
    actor: Actor,
    legal_record_id: UUID,
    content: Content,
    seen_version: int | None = None,
    at: datetime,
) -> LegalRecordVersion:
    """Replace what the draft says; an approved version stays, and a new draft begins from `content`.

    `seen_version` is the row version of the draft; without a draft, of the newest version.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState (in review), InvalidInput.
    """
    row, versions = _open(actor, legal_record_id, Operation.EDIT_RECORD)
    draft = review.draft_of(versions, row.ref)
    values = legal_values(row.declared, content, row.organization, actor=actor, at=at)
    (draft or versions[0]).expect_version(seen_version)
    if draft is None:
        return _begin(row, values, actor=actor, at=at)
    changed = _differing(draft.content, values["content"])
    for name, value in values.items():
        setattr(draft, name, value)
    review.written_by(draft, actor)
    draft.write(*values)
    event = events.RecordEdited(
        legal_record_id=row.uid, record_kind=row.kind, number=draft.number, changed=changed
    )
    record(event, actor=actor, at=at)
    return draft


@command(lock=LegalRecord)
def submit_record(
    *, actor: Actor, legal_record_id: UUID, seen_version: int | None = None, at: datetime
) -> LegalRecordVersion:
    """Put the draft before another person.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken, with everything that is missing.
    """
    row, versions = _open(actor, legal_record_id, Operation.EDIT_RECORD)
    version = review.open_version(versions, row.ref)
    version.expect_version(seen_version)
    review.submit(version, _findings(row, version, at=at).obstacles, actor=actor, at=at)
    event = events.RecordSubmitted(
        legal_record_id=row.uid,
        record_kind=row.kind,
        number=version.number,
        content_sha256=version.content_sha256,
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=LegalRecord)
def return_record(*, actor: Actor, legal_record_id: UUID, reason: str, at: datetime) -> LegalRecordVersion:
    """Send the version in review back to its writers.  Raises: NotFound, NotPermitted, InvalidState."""
    row, versions = _open(actor, legal_record_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, row.ref)
    review.send_back(version, reason)
    event = events.RecordReturned(
        legal_record_id=row.uid, record_kind=row.kind, number=version.number, reason=reason
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=LegalRecord)
def reject_record(*, actor: Actor, legal_record_id: UUID, reason: str, at: datetime) -> LegalRecordVersion:
    """Say no to the version in review, as another person than all who wrote it. It stays as it was put.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput.
    """
    row, versions = _open(actor, legal_record_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, row.ref)
    review.turn_down(version, reason, actor=actor, at=at)
    event = events.RecordRejected(
        legal_record_id=row.uid, record_kind=row.kind, number=version.number, reason=reason
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=LegalRecord)
def approve_record(
    *, actor: Actor, legal_record_id: UUID, seen_version: int | None = None, at: datetime
) -> LegalRecordVersion:
    """Sign off the version in review, as another person than all who wrote it (V-30).

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken.
    """
    row, versions = _open(actor, legal_record_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, row.ref)
    version.expect_version(seen_version)
    review.refuse_own(version, actor)
    findings = _findings(row, version, at=at)
    review.refuse(findings.obstacles)
    before = review.sign_off(version, versions, actor=actor, at=at)
    event = events.RecordApproved(
        legal_record_id=row.uid,
        record_kind=row.kind,
        number=version.number,
        supersedes=before.number if before else None,
        content_sha256=version.content_sha256,
        missing=tuple(sorted({reason.code for reason in findings.gaps})),
    )
    record(event, actor=actor, at=at)
    begin_anew(row, before, version, actor=actor, at=at)
    return version


@command(lock=LegalRecord)
def retire_record(*, actor: Actor, legal_record_id: UUID, at: datetime) -> LegalRecordVersion:
    """End an approved record that no longer holds.  Raises: NotFound, NotPermitted, InvalidState."""
    row, versions = _open(actor, legal_record_id, Operation.APPROVE_RECORD)
    version = review.approved_version(versions, row.ref)
    review.finish(version, RecordStatus.RETIRED, at=at)
    event = events.RecordRetired(legal_record_id=row.uid, record_kind=row.kind, number=version.number)
    record(event, actor=actor, at=at)
    return version


def _declared(kind: str) -> Kind:
    if kind not in KINDS:
        raise invalid("kind", KIND_UNKNOWN, kind=kind, known=", ".join(KINDS))
    return KINDS[kind]


def _next_ref(kind: Kind, organization: Organization) -> str:
    """Counted by kind; records are never deleted, and the organization's row is locked."""
    count = LegalRecord.objects.filter(organization=organization, kind=kind.slug).count()
    return f"{kind.prefix}-{count + 1:04}"


def _open(
    actor: Actor, legal_record_id: UUID, operation: Operation
) -> tuple[LegalRecord, list[LegalRecordVersion]]:
    """The record, locked, with its versions, the newest first."""
    row = LegalRecord.objects.visible_to(actor).for_update(legal_record_id)
    authorize(actor=actor, operation=operation, resource=review.record_resource("record", row))
    return row, list(row.versions.order_by("-number"))


def _findings(row: LegalRecord, version: LegalRecordVersion, *, at: datetime) -> Findings:
    content = version.said
    return judge(row.declared, content, around(content, on=at.date()))


def legal_values(
    kind: Kind,
    content: Content,
    organization: Organization,
    *,
    actor: Actor,
    at: datetime,
    elsewhere: Collection[str] = (),
) -> dict[str, Any]:
    """The columns of a version. Of the kinds `elsewhere` things are named that need not be there.

    Raises: InvalidInput (a malformed line, no name, end before begin, an unknown concept, something named
    that is not there).
    """
    content = read(kind.content, written(content))
    present(content.name)
    begins = content.effective_from or at.date()
    if content.effective_to and content.effective_to <= begins:
        days = {"effective_from": begins.isoformat(), "effective_to": content.effective_to.isoformat()}
        raise invalid("effective_to", PERIOD_REVERSED, **days)
    for name, spec in kind.specs.items():
        if spec.shape is Shape.CONCEPT and getattr(content, name):
            concept_in_use(name, getattr(content, name))
    refuse_unknown(references(content), organization, actor, elsewhere=elsewhere)
    return {
        "name": content.name,
        "content": written(content),
        "content_sha256": content_sha256(kind, content),
        "effective_from": begins,
        "effective_to": content.effective_to,
        "next_review": content.next_review,
    }


def _begin(row: LegalRecord, values: dict[str, Any], *, actor: Actor, at: datetime) -> LegalRecordVersion:
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    version = LegalRecordVersion.objects.create(legal_record=row, number=last + 1, created_at=at, **values)
    review.written_by(version, actor)
    event = events.RecordDrafted(
        legal_record_id=row.uid, record_kind=row.kind, ref=row.ref, number=version.number
    )
    record(event, actor=actor, at=at)
    return version


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(name for name in {*before, *after} if before.get(name) != after.get(name)))
