"""Taking a key: reserve, call the provider while no lock is held, confirm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from apps.access.facts import grant_resource
from apps.access.models import Grant, Suspension
from apps.access.queries import (
    Answer,
    answer,
    version_in_use,
    versions_opened,
    why_not_effective,
    why_not_lawful,
    why_not_usable,
    why_nothing_opened,
)
from apps.access.queries.grants import ask_again, takers_of
from apps.accounts.authorization import Resource, authorize
from apps.accounts.freshness import require_fresh
from apps.accounts.models import Person
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.moments import this_moment, was_anything_done
from apps.audit.record import record
from apps.catalog.models import AssetVersion
from apps.compliance.facts.reach import closed
from apps.credentials.commands.ending import queue_revocation
from apps.credentials.errors import (
    ALREADY_ISSUED,
    KEY_OUTLIVES_GRANT,
    LAKE_DISABLED_MEANWHILE,
    REVOKED_MEANWHILE,
)
from apps.credentials.events import LeaseFailed, LeaseIssued, LeaseReserved
from apps.credentials.lifecycle import LeaseState, move
from apps.credentials.models import Lease, LeaseScope
from apps.credentials.queries import needs_own_role, opening_of, role_of_lease
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import (
    InvalidState,
    LakewardenError,
    NotPermitted,
    conflict,
)
from apps.kernel.ids import new_uid
from apps.kernel.questions import Given, Question
from apps.lakes.providers.contract import ConnectionSpec, CredentialSpec, Issued, may_have_made_a_key
from apps.lakes.providers.registry import provider_for
from apps.lakes.providers.secret import Secret
from apps.policy.limits import lease_ttl
from apps.policy.reason import Reason

LONGEST_LEASE = timedelta(hours=12)

GRANT_AS_ASKED = (
    "asset__organization",
    "version__location__lake__organization",
    "person__organization",
    "service_account",
    "project",
    "purpose",
    "revision__request__requester__organization",
)
GRANT_AS_CONFIRMED = ("asset", "person", "service_account", "project", "version")

# A key's time runs from the provider's answer, not from the reservation: so much is kept free before the end
# of the grant, and a call that took longer gives a key that is discarded.
CALL_TAKES = timedelta(seconds=2)
# After this the client has given up on the call, its clock's tolerance included.
CALL_MAY_TAKE = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Credential:
    """A key at the one moment it is known, with the lease that stays."""

    lease: Lease
    secret: Secret


@dataclass(frozen=True, kw_only=True)
class Reservation:
    """`moment` is when everything was checked."""

    lease: Lease
    spec: CredentialSpec
    moment: str


def take_credential(
    *, actor: Actor, grant_id: UUID, idempotency_key: str = "", at: datetime | None = None
) -> Credential:
    """Give the subject of a grant a key for what the grant covers now, and for no longer than it may.

    Everything is checked anew. Where the grant ends while the provider is at work, the key is discarded and
    its revocation queued.
    Raises: NotFound, NotPermitted, InvalidState, RuleBroken, Conflict (the same again), ProviderFailure.
    """
    reservation: Reservation = reserve_lease(
        actor=actor, grant_id=grant_id, idempotency_key=idempotency_key, at=at
    )
    lease, spec = reservation.lease, reservation.spec
    try:
        issued = provider_for(spec.connection).issue(spec)
    except LakewardenError as failure:
        nothing_made = not may_have_made_a_key(failure)
        fail_lease(actor=SYSTEM, lease_id=lease.uid, fault=failure.code, nothing_made=nothing_made)
        raise
    confirmed: Lease = confirm_lease(
        actor=actor, grant_id=grant_id, lease_id=lease.uid, issued=issued, moment=reservation.moment
    )
    if confirmed.state != LeaseState.ISSUED:
        raise InvalidState(Reason(code=confirmed.fault or REVOKED_MEANWHILE))
    return Credential(lease=confirmed, secret=issued.secret)


@command(lock=Grant)
def reserve_lease(*, actor: Actor, grant_id: UUID, idempotency_key: str, at: datetime) -> Reservation:
    """Check everything, and write the intent down before the provider is called.

    Raises: NotFound, NotPermitted, InvalidState (not effective), RuleBroken, Conflict (the same again).
    """
    moment = this_moment()
    grant = Grant.objects.for_update_by(actor, grant_id, *GRANT_AS_ASKED)
    authorize(actor=actor, operation=Operation.TAKE_CREDENTIAL, resource=subject_of_key(grant, at=at))
    _refuse_replay(grant, idempotency_key)
    taker = grant.person if grant.person_id == actor.person_key else _person(actor.person_key)
    reasons = why_not_effective(grant, at=at) or why_not_usable(grant, taker, at=at)
    covered = () if reasons else versions_opened(grant)
    reasons = reasons or (() if covered else why_nothing_opened(grant))
    if reasons:
        raise InvalidState(*reasons)
    answered = _still_lawful(grant, covered[0], taker, at=at)
    versions, answers = _opened(grant, covered, taker, answered, at=at)
    if any(each.decision.needs_step_up for each in answers):
        require_fresh(actor, at=at)
    opening = opening_of(grant, versions, actor)
    opening.lake.expect_enabled()
    opening.lake.expect_where_it_was(grant.created_at)
    connection = opening.lake.spec()
    ttl = _ttl(grant, connection, answers, at=at)
    lease_id, has_own_role = new_uid(), needs_own_role(opening.lake, versions)
    lease = Lease.objects.create(
        uid=lease_id,
        grant=grant,
        lake=opening.lake,
        role_arn=role_of_lease(opening.lake, lease_id, has_own_role=has_own_role),
        address=opening.lake.address(),
        decision_substance=answered.substance,
        account_id=actor.account_key,
        person_id=actor.person_key,
        idempotency_key=idempotency_key,
        state=LeaseState.INTENT,
        expires_at=at + ttl + CALL_MAY_TAKE,
        created_at=at,
    )
    LeaseScope.objects.bulk_create(
        LeaseScope(
            lease=lease,
            version=version,
            bucket=scope.bucket.text,
            prefix=scope.prefix.text,
            access=scope.access,
            columns=None if scope.columns is None else sorted(scope.columns),
        )
        for version, scope in opening.scopes
    )
    event = LeaseReserved(
        lease_id=lease.uid,
        grant_id=grant.uid,
        purpose_id=grant.purpose.uid,
        versions=tuple(version.uid for version in versions),
        expires_at=lease.expires_at,
        decision_substance=answered.substance,
    )
    record(event, actor=actor, at=at)
    spec = CredentialSpec(
        lease_id=lease.uid,
        connection=connection,
        scopes=tuple(scope for _version, scope in opening.scopes),
        ttl=ttl,
        purpose=str(grant.purpose.uid),
        has_own_role=has_own_role,
    )
    return Reservation(lease=lease, spec=spec, moment=moment)


@command(lock=Grant)
def confirm_lease(
    *, actor: Actor, grant_id: UUID, lease_id: UUID, issued: Issued, moment: str = "", at: datetime
) -> Lease:
    """Check once more, under the grant's lock, that the grant is still effective and ends no sooner than the
    key and that its lake still gives keys, and hand the key out.

    Policy is asked again where anything but keys changed in the house since the `moment` of the reservation:
    else it was asked this very question already, about these very facts.
    Where it cannot be, the lease goes straight to its revocation; the caller sees it by its state.
    Raises: NotFound, NotPermitted.
    """
    grant = Grant.objects.visible_to(SYSTEM).for_update(grant_id, *GRANT_AS_CONFIRMED)
    authorize(actor=actor, operation=Operation.TAKE_CREDENTIAL, resource=subject_of_key(grant, at=at))
    lease = Lease.objects.visible_to(SYSTEM).for_update(lease_id, "lake", "person__organization")
    lease.scope_hash, lease.expires_at = issued.scope_hash, issued.expires_at
    fault = _why_discarded(lease, grant, issued, moment, at=at)
    if fault:
        lease.fault = fault
        lease.write("scope_hash", "expires_at", "fault")
        queue_revocation(lease, actor=actor, at=at)
        return lease
    lease.state, lease.issued_at = move(lease.state, LeaseState.ISSUED), at
    lease.times_given, lease.given_at = 1, at
    lease.write("state", "issued_at", "times_given", "given_at", "scope_hash", "expires_at")
    event = LeaseIssued(
        lease_id=lease.uid,
        grant_id=grant.uid,
        scope_hash=issued.scope_hash,
        expires_at=lease.expires_at,
    )
    record(event, actor=actor, at=at)
    return lease


def _why_discarded(lease: Lease, grant: Grant, issued: Issued, moment: str, *, at: datetime) -> str:
    """What happened while the provider was at work; empty where the key may be handed out."""
    was_held_back = bool(_HELD_BACK.rows(grant=grant.pk, since=lease.created_at))
    was_closed = bool(_CLOSED.rows(lease=lease.pk))
    is_over = lease.state != LeaseState.INTENT or was_held_back or was_closed
    if is_over or _has_ended(grant, lease.person, moment, at=at):
        return REVOKED_MEANWHILE
    if lease.lake.disabled_at is not None:
        return LAKE_DISABLED_MEANWHILE
    return KEY_OUTLIVES_GRANT if issued.expires_at > grant.not_after else ""


_HELD_BACK: Question[int] = Question(
    lambda: Suspension.objects.filter(grant=Given("grant"), created_at__gte=Given("since")).values_list(
        "pk", flat=True
    )[:1]
)
_CLOSED: Question[int] = Question(
    lambda: closed(
        Q(version__in=LeaseScope.objects.filter(lease=Given("lease")).values("version"))
    ).values_list("pk", flat=True)[:1]
)


@command(lock=Lease)
def fail_lease(*, actor: Actor, lease_id: UUID, fault: str, nothing_made: bool, at: datetime) -> Lease:
    """The provider did not make the key. Where nobody knows, what may exist is revoked like any other.

    Raises: NotFound, NotPermitted.
    """
    lease = Lease.objects.visible_to(actor).for_update(lease_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=grant_resource(lease.grant))
    if lease.state != LeaseState.INTENT:
        return lease
    lease.fault = fault
    record(LeaseFailed(lease_id=lease.uid, fault=fault), actor=actor, at=at)
    if nothing_made:
        lease.state, lease.ended_at = move(lease.state, LeaseState.FAILED), at
        return lease.write("state", "ended_at", "fault")
    lease.write("fault")
    queue_revocation(lease, actor=actor, at=at)
    return lease


def subject_of_key(grant: Grant, *, at: datetime) -> Resource:
    """A person's grant is taken by the person, a project's by each member of now, a service account's by that
    account alone."""
    return replace(grant_resource(grant), persons=takers_of(grant, at=at))


def _person(key: int) -> Person:
    return Person.objects.select_related("organization").get(pk=key)


def _refuse_replay(grant: Grant, idempotency_key: str) -> None:
    if not idempotency_key:
        return
    made = Lease.objects.filter(grant=grant, idempotency_key=idempotency_key).first()
    if made is not None:
        raise conflict(ALREADY_ISSUED, lease=str(made.uid))


def _still_lawful(grant: Grant, version: AssetVersion, taker: Person, *, at: datetime) -> Answer:
    """Put the grant to policy anew.  Raises: NotPermitted where the grant does not cover what it says now."""
    answered = answer(ask_again(grant, version, member=taker, at=at), at=at)
    reasons = why_not_lawful(grant, answered)
    if reasons:
        raise NotPermitted(*reasons)
    return answered


def _has_ended(grant: Grant, taker: Person, moment: str, *, at: datetime) -> bool:
    """Whether the grant has stopped giving its right, by its own state or because policy changed its mind."""
    if why_not_effective(grant, at=at):
        return True
    if moment and not was_anything_done(moment, besides="credentials"):
        return False
    again = ask_again(grant, version_in_use(grant), member=taker, at=at)
    return bool(why_not_lawful(grant, answer(again, at=at)))


def _opened(
    grant: Grant, covered: Sequence[AssetVersion], taker: Person, approved: Answer, *, at: datetime
) -> tuple[tuple[AssetVersion, ...], tuple[Answer, ...]]:
    """The version it was just judged by, and those that the grant covers as well, each with its answer."""
    judged, *others = covered
    opened, answers = [judged], [approved]
    for version in others:
        answered = answer(ask_again(grant, version, member=taker, at=at), at=at)
        if not why_not_lawful(grant, answered):
            opened.append(version)
            answers.append(answered)
    return tuple(opened), tuple(answers)


def _ttl(grant: Grant, connection: ConnectionSpec, answers: Sequence[Answer], *, at: datetime) -> timedelta:
    """min(provider's longest, class cap, what is left), refused where the provider cannot be that short."""
    capabilities = provider_for(connection).capabilities(connection)
    stated = (grant.max_lease_minutes, *(answered.decision.max_lease_minutes for answered in answers))
    caps = [cap for cap in stated if cap is not None]
    ends_at = min(grant.not_after, *(answered.decision.ends_at for answered in answers))
    ttl = lease_ttl(
        provider_max=capabilities.ttl_max,
        class_cap=timedelta(minutes=min(caps)) if caps else LONGEST_LEASE,
        remaining=ends_at - at - CALL_TAKES,
        provider_min=capabilities.ttl_min,
    )
    if isinstance(ttl, Reason):
        raise InvalidState(ttl)
    return ttl
