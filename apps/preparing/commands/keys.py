"""The keys of the house: recorded before they are made, and ended when the work is done or given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.models import StorageLocation
from apps.credentials.commands.ending import told_provider, wait_after
from apps.credentials.lifecycle import LeaseState, move
from apps.kernel.actor import SYSTEM, Actor
from apps.kernel.errors import InvalidState, LakewardenError
from apps.lakes.commands import lake_resource
from apps.lakes.providers.contract import Access, CredentialSpec, Issued, RevokeEffect, may_have_made_a_key
from apps.lakes.providers.registry import provider_for
from apps.policy.reason import Reason
from apps.preparing.errors import OVERTAKEN
from apps.preparing.events import HouseKeyEnded, HouseKeyFailed, HouseKeyIssued, HouseKeyReserved
from apps.preparing.models import HouseKey, PreparedView

LONGEST_WORK = timedelta(minutes=28)
"""Below the time limit of tasks, so that who works too long can still say so."""
CALL_MAY_TAKE = timedelta(seconds=20)


@dataclass(frozen=True, kw_only=True)
class Reserved:
    key: HouseKey
    spec: CredentialSpec


def reserved_key(view: PreparedView, source: StorageLocation, *, actor: Actor, at: datetime) -> Reserved:
    """The intent of a key that reads at `source` and writes below the place of the view, and nothing else."""
    connection = view.lake.spec()
    limits = provider_for(connection).capabilities(connection)
    ttl = max(limits.ttl_min, min(limits.ttl_max, LONGEST_WORK))
    key = HouseKey.objects.create(
        view=view,
        run=view.run,
        lake=view.lake,
        role_arn=view.lake.role_arn,
        address=view.lake.address(),
        places=[
            {"bucket": source.bucket, "prefix": source.prefix, "access": Access.READ.value},
            {"bucket": view.bucket, "prefix": view.prefix, "access": Access.WRITE.value},
        ],
        state=LeaseState.INTENT,
        expires_at=at + ttl + CALL_MAY_TAKE,
        created_at=at,
    )
    event = HouseKeyReserved(
        house_key_id=key.uid, view_id=view.uid, version_id=view.source.uid, expires_at=key.expires_at
    )
    record(event, actor=actor, at=at)
    spec = CredentialSpec(
        lease_id=key.uid, connection=connection, scopes=key.scopes, ttl=ttl, purpose=str(view.uid)
    )
    return Reserved(key=key, spec=spec)


def issued_key(reserved: Reserved) -> Issued:
    """Ask the provider, no lock held.  Raises: ProviderFailure, NotFound, InvalidInput, InvalidState."""
    try:
        issued = provider_for(reserved.spec.connection).issue(reserved.spec)
    except LakewardenError as failure:
        nothing_made = not may_have_made_a_key(failure)
        fail_house_key(
            actor=SYSTEM, house_key_id=reserved.key.uid, fault=failure.code, nothing_made=nothing_made
        )
        raise
    key: HouseKey = confirm_house_key(actor=SYSTEM, house_key_id=reserved.key.uid, issued=issued)
    if key.state != LeaseState.ISSUED:
        raise InvalidState(Reason(code=OVERTAKEN))
    return issued


@command(lock=HouseKey)
def confirm_house_key(*, actor: Actor, house_key_id: UUID, issued: Issued, at: datetime) -> HouseKey:
    """The key was made. Where its end was asked for meanwhile, it is ended once more.

    The caller sees by the state whether the key may be used.  Raises: NotFound, NotPermitted.
    """
    key = _locked(actor, house_key_id)
    key.scope_hash, key.expires_at = issued.scope_hash, issued.expires_at
    if key.state != LeaseState.INTENT:
        key.ended_at, key.revoke_effect = None, ""
        _queue_end(key, at=at)
        return key.write("scope_hash", "expires_at", "ended_at", "revoke_effect")
    key.state, key.issued_at = move(key.state, LeaseState.ISSUED), at
    key.write("scope_hash", "expires_at", "state", "issued_at")
    event = HouseKeyIssued(house_key_id=key.uid, scope_hash=issued.scope_hash, expires_at=key.expires_at)
    record(event, actor=actor, at=at)
    return key


@command(lock=HouseKey)
def fail_house_key(
    *, actor: Actor, house_key_id: UUID, fault: str, nothing_made: bool, at: datetime
) -> HouseKey:
    """The provider made no key; where nobody knows, what may exist is ended like any other.

    Raises: NotFound, NotPermitted.
    """
    key = _locked(actor, house_key_id)
    if key.state != LeaseState.INTENT:
        return key
    key.fault = fault
    record(HouseKeyFailed(house_key_id=key.uid, fault=fault), actor=actor, at=at)
    key.write("fault")
    if nothing_made:
        key.state, key.ended_at = move(key.state, LeaseState.FAILED), at
        return key.write("state", "ended_at")
    _queue_end(key, at=at)
    return key


@command(lock=HouseKey)
def request_end_of_house_key(*, actor: Actor, house_key_id: UUID, at: datetime) -> HouseKey:
    """Nothing more is done with it.  Raises: NotFound, NotPermitted."""
    key = _locked(actor, house_key_id)
    if key.state in {LeaseState.INTENT, LeaseState.ISSUED}:
        _queue_end(key, at=at)
    return key


def end_house_key(house_key_id: UUID) -> None:
    """Ask for the end, tell the provider, write down what it said. No lock is held meanwhile."""
    request_end_of_house_key(actor=SYSTEM, house_key_id=house_key_id)
    key = HouseKey.objects.select_related("lake__organization").one(house_key_id)
    if key.state == LeaseState.REVOKE_REQUESTED:
        effect, fault = told_provider(key.handle)
        settle_house_key(
            actor=SYSTEM, house_key_id=key.uid, scope_hash=key.scope_hash, effect=effect, fault=fault
        )


@command(lock=HouseKey)
def settle_house_key(
    *,
    actor: Actor,
    house_key_id: UUID,
    scope_hash: str,
    effect: RevokeEffect | None,
    fault: str,
    at: datetime,
) -> HouseKey:
    """Write down what one attempt came to; without an effect, or where the key was made only meanwhile, put
    off the next.  Raises: NotFound, NotPermitted.
    """
    key = _locked(actor, house_key_id)
    if key.state != LeaseState.REVOKE_REQUESTED:
        return key
    key.attempts += 1
    key.fault = fault
    if effect is None or key.scope_hash != scope_hash:
        key.next_attempt_at = at + wait_after(key.attempts)
        return key.write("attempts", "fault", "next_attempt_at")
    key.revoke_effect, key.next_attempt_at = effect, None
    is_cut = effect is RevokeEffect.IMMEDIATE
    key.state = move(key.state, LeaseState.REVOKED if is_cut else LeaseState.OUTLIVES)
    key.ended_at = at if is_cut else None
    _tell_end(key, actor=actor, at=at)
    return key.write("state", "ended_at", "attempts", "fault", "revoke_effect", "next_attempt_at")


@command(lock=HouseKey)
def expire_house_key(*, actor: Actor, house_key_id: UUID, at: datetime) -> HouseKey:
    """Write down that a key has run out.  Raises: NotFound, NotPermitted."""
    key = _locked(actor, house_key_id)
    if key.ended_at is None and key.expires_at <= at and key.state != LeaseState.INTENT:
        key.state, key.ended_at, key.next_attempt_at = move(key.state, LeaseState.EXPIRED), at, None
        key.write("state", "ended_at", "next_attempt_at")
        _tell_end(key, actor=actor, at=at)
    return key


def _queue_end(key: HouseKey, *, at: datetime) -> None:
    """From here on nobody rests until the provider has been told."""
    if key.state != LeaseState.REVOKE_REQUESTED:
        key.state = move(key.state, LeaseState.REVOKE_REQUESTED)
        key.revoke_requested_at = at
    key.next_attempt_at = at
    key.write("state", "revoke_requested_at", "next_attempt_at")


def _tell_end(key: HouseKey, *, actor: Actor, at: datetime) -> None:
    exposure = int((at - (key.revoke_requested_at or at)).total_seconds())
    event = HouseKeyEnded(house_key_id=key.uid, outcome=key.state, exposure_seconds=exposure)
    record(event, actor=actor, at=at)


def _locked(actor: Actor, house_key_id: UUID) -> HouseKey:
    key = HouseKey.objects.for_update(house_key_id)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=lake_resource(key.lake))
    return key
