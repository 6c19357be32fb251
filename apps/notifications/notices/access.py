"""What is told of requests and grants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from apps.access.lifecycle import RequestState
from apps.access.models import Grant, Request, Revision, Verdict, VerdictKind
from apps.access.queries import current_decision, open_stage, requests_visible_to
from apps.access.queries.roles import holders_by_role
from apps.accounts.models import Account, Person
from apps.accounts.queries import actor_of
from apps.accounts.roles import Role
from apps.audit.models import AuditEvent
from apps.catalog.models import Asset
from apps.credentials.models import Lease
from apps.kernel.events import Plain
from apps.lakes.models import Lake
from apps.notifications.models import Notice
from apps.notifications.notices.people import accounts_of, deciders_of, holders_of, owners_of
from apps.notifications.notices.registry import Telling, for_programs, subject_of, tells
from apps.policy.decision import Effect
from apps.policy.vocabulary import TicketStanding

TO_DECIDE = "request_to_decide"
TO_KNOW = "request_to_know"
REMINDED = "access.request.reminded"
REJECTED = "access.request.rejected"
EVALUATED = frozenset({"access.request.submitted", "access.request.amended", "access.request.reevaluated"})
OUTCOMES = {
    "access.request.approved": "request_approved",
    REJECTED: "request_rejected",
    "access.request.returned": "request_returned",
    "access.request.lapsed": "request_lapsed",
    "access.request.awaits_conditions": "request_awaits_conditions",
}
FOR_REQUESTER, FOR_DECIDERS = frozenset({"everyone", "requester_side"}), frozenset({"everyone", "deciders"})
OF_GRANTS = {
    "access.grant.revoked": "grant_revoked",
    "access.grant.expired": "grant_expired",
    "access.grant.suspended": "grant_suspended",
    "access.grant.resumed": "grant_resumed",
    "access.grant.recalled": "grant_recalled",
}

for_programs(
    "access.condition.met",
    "access.grant.activated",
    "access.grant.created",
    "access.grant.given_back",
    "access.grant.superseded",
    "access.request.withdrawn",
)


@tells(
    "access.request.submitted",
    "access.request.amended",
    "access.request.decided",
    "access.request.escalated",
    "access.request.fell_back",
    "access.request.reassigned",
    "access.request.recused",
    "access.request.reevaluated",
    "access.request.reminded",
    "access.request.reopened",
    "access.request.routable",
)
def request_moved(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever the request now waits for: once a stage, again as a reminder or where it was opened anew.

    Nobody, while a record is missing without which no approval is taken. Where it
    was just evaluated, also whom a rule wants to know of it without being asked.
    """
    request = request_of(subject_of(event))
    yield from _to_decide(request, event, at=at)
    if event.name in EVALUATED and request.revision is not None:
        yield from _to_know(request, request.revision, event, at=at)


def _to_decide(request: Request, event: AuditEvent, *, at: datetime) -> Iterator[Telling]:
    if request.state != RequestState.IN_REVIEW or request.revision is None:
        return
    decision = current_decision(request.revision)
    stage = open_stage(decision)
    if stage is None or decision.effect == Effect.BLOCK:
        return
    assets = assets_of(request)
    facts: dict[str, Plain] = {**facts_of(request), "stage": stage.name, "revision": request.revision.number}
    people = deciders_of(request, assets, at=at)
    if not (event.data.get("reopened") or event.name == REMINDED):
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


def _to_know(request: Request, revision: Revision, event: AuditEvent, *, at: datetime) -> Iterator[Telling]:
    """Once a revision, whoever sees the request and holds one of the roles that a rule names for this."""
    roles = current_decision(revision).trace["notify"]
    if not roles:
        return
    assets = assets_of(request)
    holders = frozenset().union(*holders_by_role(frozenset(roles), assets, at=at).values())
    told = Notice.objects.filter(code=TO_KNOW, about_uid=request.uid, facts__revision=revision.number)
    known = set(told.exclude(event_uid=event.uid).values_list("person", flat=True))
    yield Telling(
        code=TO_KNOW,
        to=[
            account
            for account in accounts_of(holders - known - {event.actor_person_id})
            if requests_visible_to(actor_of(account)).filter(pk=request.pk).exists()
        ],
        about=request.uid,
        assets=_uids(assets),
        who=request.requester.uid,
        facts={**facts_of(request), "revision": revision.number},
    )


@tells("access.request.carried")
def verdict_carried(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever gave it: it counts for something they have not read."""
    request = request_of(subject_of(event))
    people = Person.objects.filter(uid=event.data["person_id"]).values_list("pk", flat=True)
    yield Telling(
        code="verdict_carried",
        to=accounts_of(people),
        about=request.uid,
        assets=_uids(assets_of(request)),
        facts=facts_of(request),
    )


@tells(*OUTCOMES)
def request_answered(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    request = request_of(subject_of(event))
    facts = facts_of(request)
    if event.name == REJECTED:
        rejections = Verdict.objects.filter(revision=request.revision, kind=VerdictKind.REJECT)
        facts["rejection"] = rejections.latest("pk").rejection_code
    yield Telling(
        code="request_lapsed_unmet" if event.data.get("condition") else OUTCOMES[event.name],
        to=askers_of(request),
        about=request.uid,
        assets=_uids(assets_of(request)),
        facts=facts,
    )


@tells("access.ticket.checked")
def ticket_checked(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm where access that was approved cannot begin, because a system does not answer. What it says
    otherwise is told by the evaluation that follows."""
    request = request_of(subject_of(event))
    is_waiting = request.state in {RequestState.AWAITING_CONDITIONS, RequestState.APPROVED}
    if event.data["standing"] != TicketStanding.UNANSWERED or not is_waiting:
        return
    facts = {**facts_of(request), "system": str(event.data["system"])}
    yield Telling(
        code="ticket_unanswered",
        to=askers_of(request),
        about=request.uid,
        assets=_uids(assets_of(request)),
        facts=facts,
    )
    administrators = holders_of({Role.ADMINISTRATOR}, request.organization_id, at=at)
    yield Telling(
        code="ticket_system_silent",
        to=administrators,
        about=UUID(event.data["ticket_system_id"]),
        facts=facts,
    )


@tells("access.request.unroutable")
def request_stuck(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm on the first day: to officers, who see the request, and to administrators, who give roles."""
    request = request_of(subject_of(event))
    facts = facts_of(request)
    officers = holders_of({Role.COMPLIANCE_OFFICER}, request.organization_id, at=at)
    yield Telling(code="request_unroutable", to=officers, about=request.uid, facts=facts)
    administrators = holders_of({Role.ADMINISTRATOR}, request.organization_id, at=at)
    yield Telling(code="role_unfilled", to=administrators, facts=facts)


@tells("access.request.asked")
def question_asked(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    yield _said(event, "question_asked", askers_of(request_of(subject_of(event))))


@tells("access.request.answered")
def question_answered(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Whoever asked anything of this request."""
    asked = AuditEvent.objects.filter(name="access.request.asked", subject_uid=event.subject_uid)
    yield _said(event, "question_answered", accounts_of(asked.values_list("actor_person_id", flat=True)))


@tells("access.request.commented")
def comment_added(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """The side for whom it is written, as far as it is for one of them."""
    request = request_of(subject_of(event))
    audience = event.data.get("audience")
    if audience in FOR_REQUESTER:
        yield _said(event, "comment_added", askers_of(request))
    if audience in FOR_DECIDERS:
        yield _said(event, "comment_added", deciders_of(request, assets_of(request), at=at))


@tells(*OF_GRANTS)
def grant_changed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    grant = grant_of(UUID(event.data["grant_id"]))
    yield about_grant(grant, OF_GRANTS[event.name], holders_of_grant(grant))


@tells("access.glass.broken")
def glass_broken(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm to owners and officers: somebody else has to review it within a day."""
    grant = grant_of(UUID(event.data["grant_id"]))
    officers = holders_of({Role.COMPLIANCE_OFFICER}, grant.organization_id, at=at)
    people = [*owners_of([grant.asset]), *officers]
    others = [account for account in people if account.person_id != event.actor_person_id]
    yield about_grant(grant, "glass_broken", others)


@tells("access.glass.sanctioned")
def glass_sanctioned(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    person = Person.objects.get(uid=event.data["person_id"])
    yield Telling(code="on_call_ended", to=accounts_of([person.pk]))
    managers = holders_of({Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER}, person.organization_id, at=at)
    yield Telling(code="glass_unreviewed", to=managers, about=person.uid, who=person.uid)


@tells("credentials.lease.outlives")
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


@tells("credentials.lease.overdue")
def revocation_overdue(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm to administrators and officers: a key that was to end may still open data."""
    lease = Lease.objects.select_related("lake").get(uid=subject_of(event))
    people = holders_of({Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER}, lease.lake.organization_id, at=at)
    facts = {
        "lake": lease.lake.name,
        "attempts": event.data["attempts"],
        "minutes": event.data["exposure_seconds"] // 60,
        "ends": lease.expires_at.isoformat(),
    }
    yield Telling(code="revocation_overdue", to=people, facts=facts)


@tells("credentials.lease.strayed")
def key_strayed(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """An alarm to owners, or to officers where nobody owns it: a key asks for what it was not given for."""
    grant = Lease.objects.select_related("grant__asset").get(uid=subject_of(event)).grant
    people = owners_of([grant.asset]) or holders_of({Role.COMPLIANCE_OFFICER}, grant.organization_id, at=at)
    yield Telling(code="key_strayed", to=people, about=grant.uid, assets=(grant.asset.uid,))


@tells("lakes.lake.halted")
def lake_halted(event: AuditEvent, at: datetime) -> Iterator[Telling]:
    """Those who answer for the lake, besides whoever halted it."""
    lake = Lake.objects.get(uid=subject_of(event))
    people = holders_of({Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER}, lake.organization_id, at=at)
    others = [account for account in people if account.person_id != event.actor_person_id]
    facts = {"lake": lake.name, "keys": event.data["keys"]}
    yield Telling(code="lake_halted", to=others, about=lake.uid, facts=facts)


def _said(event: AuditEvent, code: str, people: list[Account]) -> Telling:
    """Of what somebody wrote; whoever wrote it knows."""
    request = request_of(subject_of(event))
    others = [account for account in people if account.person_id != event.actor_person_id]
    assets = _uids(assets_of(request))
    return Telling(code=code, to=others, about=request.uid, assets=assets, facts=facts_of(request))


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
