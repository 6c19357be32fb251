"""Breaking the glass, and looking at it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.access import evaluation
from apps.access.commands.requests import create_request
from apps.access.drafts import ItemDraft, RequestDraft
from apps.access.errors import (
    GLASS_INCIDENT_FIRST,
    GLASS_INCIDENT_KNOWN,
    GLASS_OWN,
    GLASS_REVIEWED,
    REASON_MISSING,
)
from apps.access.events import GlassBroken, GlassReviewed, GlassSanctioned, IncidentNamed, RequestApproved
from apps.access.facts import grant_resource, revision_sha256
from apps.access.granting import grant_in_emergency
from apps.access.lifecycle import RequestState, move_request
from apps.access.models import BreakGlass, Decision, Grant, Request, Revision
from apps.access.queries.seats import interests_of
from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands import end_role
from apps.accounts.freshness import require_fresh
from apps.accounts.models import RoleAssignment
from apps.accounts.operations import Operation
from apps.accounts.queries.calendars import holidays_in
from apps.accounts.roles import Role
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import Asset
from apps.classification.models import SensitivityClass
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import NotPermitted, RuleBroken, invalid, invalid_state
from apps.policy.calendar import end_of_working_day
from apps.policy.emergency import Emergency, why_not_lifted
from apps.policy.reason import Reason

REVIEW_WITHIN = timedelta(hours=24)
SANCTION_AFTER_DAYS = 2


@dataclass(frozen=True, kw_only=True)
class GlassDraft:
    """What somebody on call states. The incident may follow within a day where life or limb is at stake."""

    asset_id: UUID
    purpose_id: UUID
    actions: Sequence[str]
    hours: int
    reason: str
    incident_ref: str = ""
    is_life_at_stake: bool = False
    cannot_consent: bool = False


@command
def break_glass(*, actor: Actor, draft: GlassDraft, at: datetime) -> BreakGlass:
    """Open an asset at once, for a few hours, to who is on call and has just proved who they are twice.

    What policy blocks or refers is opened, what it denies is not. Somebody else looks at it within a day.
    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (every reason why the glass holds).
    """
    asset = Asset.objects.visible_to(actor).one(draft.asset_id)
    resource = Resource(
        kind="asset", uid=asset.uid, organization_id=asset.organization_id, domain_id=asset.domain_id
    )
    authorize(actor=actor, operation=Operation.BREAK_GLASS, resource=resource)
    require_fresh(actor, at=at, second_factor=True)
    request = create_request(actor=actor, draft=_asked(draft, at=at), at=at)
    revision = _frozen(request, draft, at=at)
    gone = evaluation.not_requestable([asset])
    if gone:
        raise RuleBroken(*gone)
    answered = evaluation.ask_policy(revision, at=at)
    reasons = why_not_lifted(answered.facts, answered.decision, _emergency(draft))
    if reasons:
        raise RuleBroken(*reasons)
    decision = evaluation.store_decision(revision, answered, at=at)
    _approve(request, decision, actor=actor, at=at)
    grant = grant_in_emergency(decision, answered.decision, actor=actor, at=at)
    return _broken(grant, draft, actor=actor, at=at)


@command(lock=BreakGlass)
def name_incident(*, actor: Actor, break_glass_id: UUID, incident_ref: str, at: datetime) -> BreakGlass:
    """Say afterwards which incident it was.  Raises: NotFound, NotPermitted, InvalidInput, InvalidState."""
    glass = BreakGlass.objects.visible_to(actor).for_update(break_glass_id)
    authorize(actor=actor, operation=Operation.NAME_INCIDENT, resource=_own(glass))
    if glass.incident_ref:
        raise invalid_state(GLASS_INCIDENT_KNOWN)
    if not incident_ref.strip():
        raise invalid("incident_ref", REASON_MISSING)
    glass.incident_ref = incident_ref.strip()
    glass.write("incident_ref")
    record(IncidentNamed(break_glass_id=glass.uid, incident_ref=glass.incident_ref), actor=actor, at=at)
    return glass


@command(lock=BreakGlass)
def review_break_glass(
    *, actor: Actor, break_glass_id: UUID, is_justified: bool, comment: str, at: datetime
) -> BreakGlass:
    """Say whether it was justified. Not one's own, nor that of somebody whom a delegation ties one to; not
    before the incident is named, and once.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState.
    """
    glass = BreakGlass.objects.visible_to(actor).for_update(break_glass_id)
    authorize(actor=actor, operation=Operation.REVIEW_BREAK_GLASS, resource=grant_resource(glass.grant))
    if interests := interests_of(actor, pk=glass.grant.revision_id, at=at):
        raise NotPermitted(Reason(code=GLASS_OWN), *interests)
    if glass.reviewed_at is not None:
        raise invalid_state(GLASS_REVIEWED)
    if not glass.incident_ref:
        raise invalid_state(GLASS_INCIDENT_FIRST)
    if not comment.strip():
        raise invalid("comment", REASON_MISSING)
    glass.verdict = "justified" if is_justified else "not_justified"
    glass.reviewer_id, glass.review_comment, glass.reviewed_at = actor.person_id, comment, at
    glass.write("verdict", "reviewer", "review_comment", "reviewed_at")
    event = GlassReviewed(break_glass_id=glass.uid, verdict=glass.verdict, comment=comment)
    record(event, actor=actor, at=at)
    return glass


@command(lock=BreakGlass)
def sanction_break_glass(*, actor: Actor, break_glass_id: UUID, at: datetime) -> BreakGlass:
    """Two working days have passed without a review: who broke the glass is not on call any more.

    An administrator may assign the role again.  Raises: NotFound, NotPermitted.
    """
    glass = BreakGlass.objects.visible_to(actor).for_update(break_glass_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(glass.grant))
    if glass.reviewed_at is not None or glass.sanctioned_at is not None or at < glass.sanction_at:
        return glass
    held = RoleAssignment.objects.held_at(at).filter(person=glass.person_id, role=Role.ON_CALL)
    for uid in held.order_by("pk").values_list("uid", flat=True):
        end_role(actor=SYSTEM, role_assignment_id=uid, at=at)
    glass.sanctioned_at = at
    glass.write("sanctioned_at")
    record(GlassSanctioned(break_glass_id=glass.uid, person_id=glass.person.uid), actor=actor, at=at)
    return glass


def _asked(draft: GlassDraft, *, at: datetime) -> RequestDraft:
    tomorrow = at.date() + timedelta(days=1)
    return RequestDraft(
        items=[ItemDraft(asset_id=draft.asset_id)],
        purpose_id=draft.purpose_id,
        actions=draft.actions,
        ends_on=tomorrow,
        justification=draft.reason,
    )


def _frozen(request: Request, draft: GlassDraft, *, at: datetime) -> Revision:
    related = ("request__requester__organization", "purpose", "person__organization", "edited_by")
    revision = Revision.objects.select_related(*related).get(pk=request.revision_key)
    revision.starts_at, revision.ends_at = at, at + timedelta(hours=max(draft.hours, 1))
    revision.sha256, revision.frozen_at = revision_sha256(revision), at
    revision.write("starts_at", "ends_at", "sha256", "frozen_at")
    return revision


def _emergency(draft: GlassDraft) -> Emergency:
    allowed = SensitivityClass.objects.filter(is_break_glass_allowed=True).values_list("rank", flat=True)
    return Emergency(
        hours=draft.hours,
        reason=draft.reason,
        incident_ref=draft.incident_ref,
        is_life_at_stake=draft.is_life_at_stake,
        cannot_consent=draft.cannot_consent,
        allowed_ranks=frozenset(allowed),
    )


def _approve(request: Request, decision: Decision, *, actor: Actor, at: datetime) -> None:
    request.state = move_request(request.state, RequestState.APPROVED)
    request.submitted_at = request.closed_at = at
    request.write("state", "submitted_at", "closed_at")
    sha256 = decision.revision.sha256
    event = RequestApproved(request_id=request.uid, revision_sha256=sha256, decision_id=decision.uid)
    record(event, actor=actor, at=at)


def _broken(grant: Grant, draft: GlassDraft, *, actor: Actor, at: datetime) -> BreakGlass:
    place = grant.organization
    zone, free = ZoneInfo(place.time_zone), holidays_in(place, at.year, at.year + 1)
    glass = BreakGlass.objects.create(
        organization=place,
        person_id=actor.person_key,
        grant=grant,
        reason=draft.reason,
        incident_ref=draft.incident_ref.strip(),
        is_life_at_stake=draft.is_life_at_stake,
        cannot_consent=draft.cannot_consent,
        review_due_at=at + REVIEW_WITHIN,
        sanction_at=end_of_working_day(at, days=SANCTION_AFTER_DAYS, zone=zone, holidays=free),
        created_at=at,
    )
    event = GlassBroken(
        break_glass_id=glass.uid,
        grant_id=grant.uid,
        asset_id=grant.asset.uid,
        incident_ref=glass.incident_ref,
        is_life_at_stake=glass.is_life_at_stake,
        not_after=grant.not_after,
        reason=glass.reason,
    )
    record(event, actor=actor, at=at)
    return glass


def _own(glass: BreakGlass) -> Resource:
    return Resource(
        kind="emergency access",
        uid=glass.uid,
        organization_id=glass.organization_id,
        persons=frozenset({glass.person_id}),
    )
