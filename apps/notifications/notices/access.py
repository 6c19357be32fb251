"""What is told of requests and grants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from apps.access.events import (
    GrantActivated,
    GrantCreated,
    GrantExpired,
    GrantGivenBack,
    GrantRevoked,
    RequestApproved,
    RequestReevaluated,
    RequestRejected,
    RequestReturned,
    RequestSubmitted,
    RequestWithdrawn,
    VerdictGiven,
)
from apps.access.lifecycle import RequestState
from apps.access.models import Grant, Request
from apps.access.queries import current_decision, open_stage
from apps.accounts.models import Account
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import Asset
from apps.credentials.events import LeaseOutlives
from apps.credentials.models import Lease
from apps.kernel.events import Plain
from apps.notifications.models import Notice
from apps.notifications.notices.people import accounts_of, deciders_of, holders_of, owners_of
from apps.notifications.notices.registry import Telling, for_programs, subject_of, tells

TO_DECIDE = "request_to_decide"
OUTCOMES = {
    RequestApproved.name: "request_approved",
    RequestRejected.name: "request_rejected",
    RequestReturned.name: "request_returned",
}
GRANT_ENDS = {GrantRevoked.name: "grant_revoked", GrantExpired.name: "grant_expired"}

for_programs(RequestWithdrawn, GrantCreated, GrantActivated, GrantGivenBack)


@tells(RequestSubmitted, VerdictGiven, RequestReevaluated)
def request_moved(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever the request now waits for, once a stage; and again where the stage was opened anew."""
    request = request_of(subject_of(event))
    if request.state != RequestState.IN_REVIEW or request.revision is None:
        return
    stage = open_stage(current_decision(request.revision))
    if stage is None:
        return
    assets = assets_of(request)
    facts: dict[str, Plain] = {**facts_of(request), "stage": stage.name, "revision": request.revision.number}
    people = deciders_of(request, assets, at=at)
    if not event.data.get("reopened"):
        told = _told_of(request, stage=stage.name, revision=request.revision.number, besides=event)
        people = [account for account in people if account.person_id not in told]
    yield Telling(
        code=TO_DECIDE,
        to=people,
        about=request.uid,
        assets=_uids(assets),
        who=request.requester.uid,
        facts=facts,
    )


@tells(RequestApproved, RequestRejected, RequestReturned)
def request_answered(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    request = request_of(subject_of(event))
    yield Telling(
        code=OUTCOMES[event.name],
        to=askers_of(request),
        about=request.uid,
        assets=_uids(assets_of(request)),
        facts=facts_of(request),
    )


@tells(GrantRevoked, GrantExpired)
def grant_ended(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    grant = grant_of(subject_of(event))
    yield about_grant(grant, GRANT_ENDS[event.name], holders_of_grant(grant))


@tells(LeaseOutlives)
def key_outlives(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm to owners and officers: what was revoked may still open data."""
    lease = Lease.objects.select_related("grant__asset", "grant__organization").get(uid=subject_of(event))
    grant = lease.grant
    officers = holders_of({Role.COMPLIANCE_OFFICER}, grant.organization_id, at=at)
    facts = {"ends": event.data["until"]}
    yield Telling(
        code="lease_outlives",
        to=[*owners_of([grant.asset]), *officers],
        about=grant.uid,
        assets=(grant.asset.uid,),
        facts=facts,
    )


def about_grant(grant: Grant, code: str, to: list[Account]) -> Telling:
    facts = {"ends": grant.not_after.isoformat()}
    return Telling(code=code, to=to, about=grant.uid, assets=(grant.asset.uid,), facts=facts)


def request_of(uid: UUID) -> Request:
    related = ("requester", "organization", "revision__person")
    return Request.objects.select_related(*related).get(uid=uid)


def grant_of(uid: UUID) -> Grant:
    return Grant.objects.select_related("asset", "revision__request").get(uid=uid)


def assets_of(request: Request) -> list[Asset]:
    items = request.revision.items.select_related("asset").order_by("pk") if request.revision else ()
    return [item.asset for item in items]


def askers_of(request: Request) -> list[Account]:
    subject = request.revision.person_id if request.revision else None
    return accounts_of({request.requester_id, subject})


def holders_of_grant(grant: Grant) -> list[Account]:
    return accounts_of({grant.person_id, grant.revision.request.requester_id})


def facts_of(request: Request) -> dict[str, str]:
    facts = {"ref": request.ref}
    return facts | {"due": request.due_at.isoformat()} if request.due_at else facts


def _told_of(request: Request, *, stage: str, revision: int, besides: AuditEvent) -> set[int]:
    """Who was told by another event that this stage waits for them."""
    told = Notice.objects.filter(
        code=TO_DECIDE, about_uid=request.uid, facts__stage=stage, facts__revision=revision
    )
    return set(told.exclude(event_uid=besides.uid).values_list("person", flat=True))


def _uids(assets: list[Asset]) -> tuple[UUID, ...]:
    return tuple(asset.uid for asset in assets)
