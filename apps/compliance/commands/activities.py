"""Writing, reviewing and approving processing activities."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from apps.accounts.authorization import authorize
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.compliance import events
from apps.compliance.commands import review
from apps.compliance.commands.clearance import blocked_by_assessments, covered_by, derive
from apps.compliance.commands.entries import Entry, read_entry
from apps.compliance.facts import activity_content, content_sha256
from apps.compliance.lifecycle import ActivityContent, RecordStatus
from apps.compliance.lifecycle.activity import faults, gaps
from apps.compliance.models import ActivityVersion, ProcessingActivity
from apps.kernel.actor import Actor


@command(lock=Organization)
def draft_activity(
    *, actor: Actor, organization_id: UUID, content: ActivityContent, at: datetime
) -> ActivityVersion:
    """Begin an entry of the record of processing.  Raises: NotFound, NotPermitted, InvalidInput."""
    organization = Organization.objects.visible_to(actor).one(organization_id)
    activity = ProcessingActivity(
        organization=organization,
        ref=review.next_ref(ProcessingActivity, "PA", organization),
        created_at=at,
    )
    resource = review.record_resource("processing activity", activity)
    authorize(actor=actor, operation=Operation.EDIT_RECORD, resource=resource)
    entry = read_entry(content, organization, actor=actor, at=at)
    activity.save(force_insert=True)
    return _begin(activity, entry, actor=actor, at=at)


@command(lock=ProcessingActivity)
def edit_activity(
    *,
    actor: Actor,
    processing_activity_id: UUID,
    content: ActivityContent,
    seen_version: int | None = None,
    at: datetime,
) -> ActivityVersion:
    """Replace what the draft says; an approved version stays, and a new draft begins from `content`.

    `seen_version` is the row version of the draft; without a draft, of the newest version.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState (in review), InvalidInput.
    """
    activity, versions = _open(actor, processing_activity_id, Operation.EDIT_RECORD)
    draft = review.draft_of(versions, activity.ref)
    entry = read_entry(content, activity.organization, actor=actor, at=at)
    (draft or versions[0]).expect_version(seen_version)
    if draft is None:
        return _begin(activity, entry, actor=actor, at=at)
    changed = tuple(name for name, value in entry.values.items() if getattr(draft, name) != value)
    for name in changed:
        setattr(draft, name, entry.values[name])
    draft.purposes.set(entry.purposes)
    draft.assets.set(entry.assets)
    review.written_by(draft, actor)
    draft.write(*changed)
    event = events.ActivityEdited(activity_id=activity.uid, number=draft.number, changed=changed)
    record(event, actor=actor, at=at)
    return draft


@command(lock=ProcessingActivity)
def submit_activity(
    *, actor: Actor, processing_activity_id: UUID, seen_version: int | None = None, at: datetime
) -> ActivityVersion:
    """Put the draft before another person. Planned processing must lack nothing; what is running already
    must only be described truly.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken (V-01 to V-03, V-05 to V-08, V-10,
    V-13, V-14, V-17 to V-20, V-22, V-23, V-25), with everything that is missing.
    """
    activity, versions = _open(actor, processing_activity_id, Operation.EDIT_RECORD)
    version = review.open_version(versions, activity.ref)
    version.expect_version(seen_version)
    content = activity_content(version)
    covered = covered_by(version, content, on=at.date())
    missing = () if content.is_running else gaps(content, covered)
    review.submit(version, (*faults(content, covered), *missing), actor=actor, at=at)
    event = events.ActivitySubmitted(
        activity_id=activity.uid, number=version.number, content_sha256=content_sha256(content)
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=ProcessingActivity)
def return_activity(
    *, actor: Actor, processing_activity_id: UUID, reason: str, at: datetime
) -> ActivityVersion:
    """Send the version in review back to its writers.  Raises: NotFound, NotPermitted, InvalidState."""
    activity, versions = _open(actor, processing_activity_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, activity.ref)
    review.send_back(version, reason)
    event = events.ActivityReturned(activity_id=activity.uid, number=version.number, reason=reason)
    record(event, actor=actor, at=at)
    return version


@command(lock=ProcessingActivity)
def reject_activity(
    *, actor: Actor, processing_activity_id: UUID, reason: str, at: datetime
) -> ActivityVersion:
    """Say no to the version in review, as another person than all who wrote it. It stays as it was put.

    Raises: NotFound, NotPermitted, InvalidState, InvalidInput.
    """
    activity, versions = _open(actor, processing_activity_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, activity.ref)
    review.turn_down(version, reason, actor=actor, at=at)
    event = events.ActivityRejected(activity_id=activity.uid, number=version.number, reason=reason)
    record(event, actor=actor, at=at)
    return version


@command(lock=ProcessingActivity)
def approve_activity(
    *, actor: Actor, processing_activity_id: UUID, seen_version: int | None = None, at: datetime
) -> ActivityVersion:
    """Sign off the version in review, as another person than all who wrote it (V-30).

    A running processing that lacks something is signed off as described, with its clearance blocked.

    Raises: NotFound, NotPermitted, StaleVersion, InvalidState, RuleBroken.
    """
    activity, versions = _open(actor, processing_activity_id, Operation.APPROVE_RECORD)
    version = review.open_version(versions, activity.ref)
    version.expect_version(seen_version)
    review.refuse_own(version, actor)
    content = activity_content(version)
    covered = covered_by(version, content, on=at.date())
    missing = gaps(content, covered)
    review.refuse((*faults(content, covered), *(() if content.is_running else missing)))
    missing = (*missing, *blocked_by_assessments(version))
    derive(version, missing)
    before = review.sign_off(version, versions, "clearance", "clearance_reasons", actor=actor, at=at)
    event = events.ActivityApproved(
        activity_id=activity.uid,
        number=version.number,
        supersedes=before.number if before else None,
        content_sha256=content_sha256(content),
        clearance=version.clearance,
        clearance_reasons=tuple(sorted({reason.code for reason in missing})),
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=ProcessingActivity)
def reassess_activity(*, actor: Actor, processing_activity_id: UUID, at: datetime) -> ActivityVersion:
    """Derive anew whether the approved activity may run, from its purposes and the data as they are now.

    Raises: NotFound, NotPermitted, InvalidState (nothing approved).
    """
    activity, versions = _open(actor, processing_activity_id, Operation.EDIT_RECORD)
    version = review.approved_version(versions, activity.ref)
    before = version.clearance
    content = activity_content(version)
    lacking = gaps(content, covered_by(version, content, on=at.date()))
    missing = (*lacking, *blocked_by_assessments(version))
    derive(version, missing)
    version.write("clearance", "clearance_reasons")
    event = events.ClearanceChanged(
        activity_id=activity.uid,
        number=version.number,
        before=before,
        after=version.clearance,
        reasons=tuple(sorted({reason.code for reason in missing})),
    )
    record(event, actor=actor, at=at)
    return version


@command(lock=ProcessingActivity)
def retire_activity(*, actor: Actor, processing_activity_id: UUID, at: datetime) -> ActivityVersion:
    """End an approved activity: the processing has stopped.  Raises: NotFound, NotPermitted, InvalidState."""
    activity, versions = _open(actor, processing_activity_id, Operation.APPROVE_RECORD)
    version = review.approved_version(versions, activity.ref)
    review.finish(version, RecordStatus.RETIRED, at=at)
    record(events.ActivityRetired(activity_id=activity.uid, number=version.number), actor=actor, at=at)
    return version


def _open(
    actor: Actor, activity_id: UUID, operation: Operation
) -> tuple[ProcessingActivity, list[ActivityVersion]]:
    """The activity, locked, with its versions, the newest first."""
    activity = ProcessingActivity.objects.visible_to(actor).for_update(activity_id)
    resource = review.record_resource("processing activity", activity)
    authorize(actor=actor, operation=operation, resource=resource)
    return activity, list(activity.versions.select_related("controller").order_by("-number"))


def _begin(activity: ProcessingActivity, entry: Entry, *, actor: Actor, at: datetime) -> ActivityVersion:
    last = activity.versions.aggregate(last=Max("number"))["last"] or 0
    version = ActivityVersion.objects.create(
        activity=activity, number=last + 1, created_at=at, **entry.values
    )
    version.purposes.set(entry.purposes)
    version.assets.set(entry.assets)
    review.written_by(version, actor)
    event = events.ActivityDrafted(activity_id=activity.uid, ref=activity.ref, number=version.number)
    record(event, actor=actor, at=at)
    return version
