"""Writing, reviewing and approving purposes."""

from __future__ import annotations

from dataclasses import fields
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
from apps.compliance.errors import PURPOSE_GONE
from apps.compliance.facts import consent_of, content_sha256, lia_of, purpose_content
from apps.compliance.lifecycle import PurposeContent, PurposeStanding, RecordStatus
from apps.compliance.lifecycle.declaration import Evidence
from apps.compliance.lifecycle.grounds import consent_gaps, lia_gaps
from apps.compliance.lifecycle.purpose import VALIDITY_REVERSED, objections
from apps.compliance.lifecycle.reading import read, written
from apps.compliance.models import Purpose, PurposeVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, invalid_state
from apps.policy.reason import Reason


@command(lock=Organization)
def draft_purpose(
    *, actor: Actor, organization_id: UUID, content: PurposeContent, at: datetime
) -> PurposeVersion:
    """Begin a purpose.  Raises: NotFound, NotPermitted, InvalidInput."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    purpose = Purpose(
        organization=organization, ref=review.next_ref(Purpose, "PU", organization), created_at=at
    )
    resource = review.record_resource("purpose", purpose)
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=resource)
    values = purpose_values(content, at=at)
    purpose.save(force_insert=True)
    return _begin(purpose, values, actor=actor, at=at)


@command(lock=Purpose)
def edit_purpose(
    *,
    actor: Actor,
    purpose_id: UUID,
    content: PurposeContent,
    seen_version: int | None = None,
    at: datetime,
) -> PurposeVersion:
    """Replace what the draft says; an approved purpose stays as it is, and a new draft begins from `content`.

    `seen_version` is the row version of the draft; without a draft, of the newest version.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState (in review, or withdrawn), InvalidInput.
    """
    purpose, versions = _open(actor, purpose_id, Operation.EDIT_RECORD)
    if purpose.standing == PurposeStanding.WITHDRAWN:
        raise invalid_state(PURPOSE_GONE, ref=purpose.ref)
    draft = review.draft_of(versions, purpose.ref)
    values = purpose_values(content, at=at)
    (draft or versions[0]).expect_version(seen_version)
    if draft is None:
        return _begin(purpose, values, actor=actor, at=at)
    changed = tuple(name for name, value in values.items() if getattr(draft, name) != value)
    for name in changed:
        setattr(draft, name, values[name])
    review.written_by(draft, actor)
    draft.write(*changed)
    event = events.PurposeEdited(purpose_id=purpose.uid, number=draft.number, changed=changed)
    record(event, actor=actor, at=at)
    return draft


@command(lock=Purpose)
def submit_purpose(
    *, actor: Actor, purpose_id: UUID, seen_version: int | None = None, at: datetime
) -> PurposeVersion:
    """Put the draft before another person.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken (V-02, V-04, V-05, V-07, V-09,
    V-10, V-12), with everything that is missing.
    """
    purpose, versions = _open(actor, purpose_id, Operation.EDIT_RECORD)
    version = review.open_version(versions, purpose.ref)
    version.expect_version(seen_version)
    content = purpose_content(version)
    review.submit(version, _lacking(version, content, at=at), actor=actor, at=at)
    event = events.PurposeSubmitted(
        purpose_id=purpose.uid, number=version.number, content_sha256=content_sha256(content)
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=Purpose)
def return_purpose(*, actor: Actor, purpose_id: UUID, reason: str, at: datetime) -> PurposeVersion:
    """Send the version in review back to its writers.  Raises: NotFound, NotPermitted, InvalidState."""
    purpose, versions = _open(actor, purpose_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, purpose.ref)
    review.send_back(version, reason)
    event = events.PurposeReturned(purpose_id=purpose.uid, number=version.number, reason=reason)
    record(event, actor=actor, at=at)
    return version


@command(lock=Purpose)
def reject_purpose(*, actor: Actor, purpose_id: UUID, reason: str, at: datetime) -> PurposeVersion:
    """Say no to the version in review, as another person than all who wrote it. It stays as it was put.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput.
    """
    purpose, versions = _open(actor, purpose_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, purpose.ref)
    review.turn_down(version, reason, actor=actor, at=at)
    event = events.PurposeRejected(purpose_id=purpose.uid, number=version.number, reason=reason)
    record(event, actor=actor, at=at)
    return version


@command(lock=Purpose)
def approve_purpose(
    *, actor: Actor, purpose_id: UUID, seen_version: int | None = None, at: datetime
) -> PurposeVersion:
    """Sign off the version in review, as another person than all who wrote it (V-30).

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken.
    """
    purpose, versions = _open(actor, purpose_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, purpose.ref)
    version.expect_version(seen_version)
    review.refuse_own(version, actor)
    content = purpose_content(version)
    concept_in_use("concept_code", content.concept_code)
    review.refuse(_lacking(version, content, at=at))
    before = review.sign_off(version, versions, actor=actor, at=at)
    event = events.PurposeApproved(
        purpose_id=purpose.uid,
        number=version.number,
        supersedes=before.number if before else None,
        content_sha256=content_sha256(content),
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=Purpose)
def retire_purpose(*, actor: Actor, purpose_id: UUID, at: datetime) -> PurposeVersion:
    """End an approved purpose that is no longer used.  Raises: NotFound, NotPermitted, InvalidState."""
    purpose, versions = _open(actor, purpose_id, Operation.APPROVE_RECORD)
    version = review.approved_version(versions, purpose.ref)
    review.finish(version, RecordStatus.RETIRED, at=at)
    record(events.PurposeRetired(purpose_id=purpose.uid, number=version.number), actor=actor, at=at)
    return version


def _open(actor: Actor, purpose_id: UUID, operation: Operation) -> tuple[Purpose, list[PurposeVersion]]:
    """The purpose, locked, with its versions, the newest first."""
    purpose = Purpose.objects.visible_to(actor).for_update(purpose_id)
    authorize(actor=actor, operation=operation, resource=review.record_resource("purpose", purpose))
    versions = PurposeVersion.objects.filter(purpose=purpose).with_lia()
    return purpose, list(versions.select_related("concept").order_by("-number"))


def _lacking(version: PurposeVersion, content: PurposeContent, *, at: datetime) -> tuple[Reason, ...]:
    weighed, asked = lia_of(version, on=at.date()), consent_of(version, on=at.date())
    return (*objections(content), *lia_gaps(content, weighed), *consent_gaps(content, asked))


def _begin(purpose: Purpose, values: dict[str, Any], *, actor: Actor, at: datetime) -> PurposeVersion:
    last = purpose.versions.aggregate(last=Max("number"))["last"] or 0
    version = PurposeVersion.objects.create(purpose=purpose, number=last + 1, created_at=at, **values)
    review.written_by(version, actor)
    event = events.PurposeDrafted(
        purpose_id=purpose.uid, ref=purpose.ref, number=version.number, concept=version.concept.code
    )
    record(event, actor=actor, at=at)
    return version


def purpose_values(content: PurposeContent, *, at: datetime) -> dict[str, Any]:
    """The columns of a version.  Raises: InvalidInput (no name, unknown concept, end before begin, evidence
    that is malformed)."""
    values: dict[str, Any] = {field.name: getattr(content, field.name) for field in fields(content)}
    values["name"] = present(content.name)
    values["concept"] = concept_in_use("concept_code", values.pop("concept_code"))
    values["valid_from"] = content.valid_from or at.date()
    for name in ("art9_conditions", "art89_safeguards"):
        values[name] = sorted(member.value for member in values[name])
    told = [written(each) for each in content.evidence]
    values["evidence"] = [
        written(read(Evidence, each, f"evidence.{number}.")) for number, each in enumerate(told)
    ]
    if content.valid_to is not None and content.valid_to <= values["valid_from"]:
        days = {name: values[name].isoformat() for name in ("valid_from", "valid_to")}
        raise invalid("valid_to", VALIDITY_REVERSED, **days)
    return values
