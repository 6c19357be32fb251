"""What may be done next with a record, and what stands in the way: the commands' own checks, as questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone

from apps.accounts.authorization import may
from apps.accounts.operations import Operation
from apps.compliance.commands import review
from apps.compliance.commands.clearance import covered_by
from apps.compliance.facts import activity_content, consent_of, lia_of, purpose_content
from apps.compliance.lifecycle import PurposeStanding, RecordStatus
from apps.compliance.lifecycle.activity import faults, gaps
from apps.compliance.lifecycle.activity import warnings as doubts
from apps.compliance.lifecycle.grounds import consent_gaps, lia_gaps
from apps.compliance.lifecycle.purpose import objections, warnings
from apps.compliance.models import OPEN, ActivityVersion, Purpose, PurposeVersion, RecordVersion
from apps.compliance.queries.legal import findings_of, late_of
from apps.kernel.actor import Actor
from apps.kernel.errors import NotPermitted
from apps.policy.reason import Reason


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """`content` is of the open version. `missing` keeps it from being submitted and approved; `doubts` does
    not, but whoever reviews it should look. `not_theirs` says why this actor does not approve it; `late`,
    that the version in force should have been looked at again."""

    open: Any
    content: Any
    approved: Any
    may_edit: bool
    may_decide: bool
    missing: tuple[Reason, ...]
    doubts: tuple[Reason, ...]
    not_theirs: tuple[Reason, ...]
    late: tuple[Reason, ...] = ()

    @property
    def is_in_review(self) -> bool:
        return self.open is not None and self.open.record_status == RecordStatus.IN_REVIEW

    @property
    def is_draft(self) -> bool:
        return self.open is not None and self.open.record_status == RecordStatus.DRAFT

    @property
    def may_write(self) -> bool:
        """Now: what is in review is not edited."""
        return self.may_edit and not self.is_in_review


Findings = tuple[tuple[Reason, ...], tuple[Reason, ...]]
EMPTY: Findings = ((), ())


def purpose_outlook(actor: Actor, purpose: Purpose, versions: tuple[PurposeVersion, ...]) -> Outlook:
    """At most three queries; `versions` come with their concepts."""
    opened = _open(versions)
    content = purpose_content(opened) if opened else None
    findings = EMPTY
    if content and opened:
        today = timezone.now().date()
        weighed, asked = lia_of(opened, on=today), consent_of(opened, on=today)
        lacking = (*objections(content), *lia_gaps(content, weighed), *consent_gaps(content, asked))
        findings = (lacking, warnings(content))
    is_writable = purpose.standing != PurposeStanding.WITHDRAWN
    return _outlook(actor, "purpose", purpose, versions, content, findings, is_writable=is_writable)


def activity_outlook(actor: Actor, activity: Any, versions: tuple[ActivityVersion, ...]) -> Outlook:
    """A dozen queries at most while a version is open, else none: it asks what the activity covers."""
    opened = _open(versions)
    content, findings = None, EMPTY
    if opened:
        content = activity_content(opened)
        covered = covered_by(opened, content, on=timezone.now().date())
        wrong, lacking, odd = faults(content, covered), gaps(content, covered), doubts(content, covered)
        findings = (wrong, (*lacking, *odd)) if content.is_running else ((*wrong, *lacking), odd)
    return _outlook(actor, "processing activity", activity, versions, content, findings)


def legal_outlook(actor: Actor, record: Any, versions: tuple[Any, ...]) -> Outlook:
    """Three queries at most while a version is open, else none."""
    opened = _open(versions)
    content, findings = None, EMPTY
    late = late_of(record, versions)
    if opened:
        content = opened.said
        judged = findings_of(record, opened)
        findings = (judged.obstacles, judged.doubts)
    return _outlook(actor, "record", record, versions, content, findings, late=late)


def _outlook(
    actor: Actor,
    kind: str,
    record: Any,
    versions: tuple[Any, ...],
    content: Any,
    findings: Findings,
    *,
    is_writable: bool = True,
    late: tuple[Reason, ...] = (),
) -> Outlook:
    resource = review.record_resource(kind, record)
    opened = _open(versions)
    missing, doubts = findings
    may_decide = may(actor=actor, operation=Operation.APPROVE_RECORD, resource=resource)
    is_waiting = opened is not None and opened.record_status == RecordStatus.IN_REVIEW
    return Outlook(
        open=opened,
        content=content,
        approved=next((each for each in versions if each.record_status == RecordStatus.APPROVED), None),
        may_edit=is_writable and may(actor=actor, operation=Operation.EDIT_RECORD, resource=resource),
        may_decide=may_decide,
        missing=missing,
        doubts=doubts,
        not_theirs=_not_theirs(opened, actor) if is_waiting and may_decide else (),
        late=late,
    )


def _open(versions: tuple[Any, ...]) -> Any:
    return next((each for each in versions if each.record_status in OPEN), None)


def _not_theirs(version: RecordVersion, actor: Actor) -> tuple[Reason, ...]:
    prefetch_related_objects([version], "editors")
    try:
        review.refuse_own(version, actor)
    except NotPermitted as fault:
        return fault.reasons
    return ()
