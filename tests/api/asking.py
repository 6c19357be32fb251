"""Requests, grants and leases to call the API about. Plain calls of commands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from apps.access import commands
from apps.access.commands import ConditionDraft, GlassDraft, ItemDraft, RequestDraft, Terms
from apps.access.models import BreakGlass, Condition, Grant, Request, Revision
from apps.access.queries import current_decision
from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.compliance.models import Purpose
from apps.credentials.lifecycle import LeaseState
from apps.credentials.models import Lease
from apps.kernel.clock import database_now
from apps.policy.conditions import ConditionKind
from tests.factories import catalog
from tests.factories.accounts import World
from tests.factories.classification import classified
from tests.factories.compliance import approved_purpose
from tests.factories.records import tried
from tests.factories.touches import denied, noted, touch


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A published asset about nobody, and a purpose to use it for."""

    asset: Asset
    purpose: Purpose

    def draft(self, *actions: str) -> RequestDraft:
        return RequestDraft(
            items=[ItemDraft(asset_id=self.asset.uid)],
            purpose_id=self.purpose.uid,
            actions=actions,
            ends_on=database_now().date() + timedelta(days=10),
        )

    def body(self, *actions: str) -> dict[str, object]:
        ends_on = (database_now().date() + timedelta(days=10)).isoformat()
        items = [{"asset_id": str(self.asset.uid)}]
        return {
            "items": items,
            "purpose_id": str(self.purpose.uid),
            "actions": list(actions),
            "ends_on": ends_on,
        }


def offer(world: World) -> Offer:
    asset = catalog.published_asset(world.domain)
    classified(asset.versions.get(), world[Role.STEWARD].actor)
    officer = world[Role.COMPLIANCE_OFFICER].actor
    purpose = approved_purpose(world.organization, officer, lawful_basis=None, lia_ref="")
    tried(purpose)
    return Offer(asset=asset, purpose=purpose)


def drafted(world: World, asker: Role = Role.SCIENTIST) -> Request:
    request: Request = commands.create_request(actor=world[asker].actor, draft=offer(world).draft("export"))
    return request


def waiting(world: World, asker: Role = Role.SCIENTIST) -> Request:
    """For the data owner."""
    request: Request = commands.ask_for_access(actor=world[asker].actor, draft=offer(world).draft("export"))
    return request


def verdict(request: Request, reason: str = "As agreed.") -> dict[str, object]:
    assert request.revision is not None
    request.revision.refresh_from_db()
    decision = current_decision(request.revision)
    return {
        "revision_sha256": request.revision.sha256,
        "decision_id": str(decision.uid),
        "reason": reason,
    }


def granted(world: World, asker: Role = Role.SCIENTIST) -> Grant:
    """At once."""
    request = commands.ask_for_access(actor=world[asker].actor, draft=offer(world).draft("read"))
    return Grant.objects.get(revision__request=request)


def bound(world: World, kind: ConditionKind, asker: Role = Role.SCIENTIST) -> Condition:
    """What the owner set when they approved."""
    request = waiting(world, asker)
    terms = Terms(conditions=[ConditionDraft(kind=kind, text="Sign the statement.", due_days=30)])
    named = {name: value for name, value in verdict(request).items() if name != "decision_id"}
    commands.approve_request(
        actor=world[Role.OWNER].actor,
        request_id=request.uid,
        decision_id=current_decision(Revision.objects.get(pk=request.revision_key)).uid,
        terms=terms,
        **named,
    )
    return Condition.objects.get(request=request)


def broken(world: World, incident_ref: str = "INC-1") -> BreakGlass:
    offered = offer(world)
    draft = GlassDraft(
        asset_id=offered.asset.uid,
        purpose_id=offered.purpose.uid,
        actions=["read"],
        hours=1,
        reason="The pump is on fire.",
        incident_ref=incident_ref,
        is_life_at_stake=not incident_ref,
    )
    glass: BreakGlass = commands.break_glass(actor=world[Role.ON_CALL].proved, draft=draft)
    return glass


def overdue(world: World) -> Lease:
    """A key whose lake was told in vain to end it."""
    lease = leased(world)
    asked_at = lease.issued_at
    Lease.objects.filter(pk=lease.pk).update(
        state=LeaseState.REVOKE_REQUESTED, attempts=6, revoke_requested_at=asked_at, fault="LAKE_UNREACHABLE"
    )
    return lease


def leased(world: World, grant: Grant | None = None) -> Lease:
    """A record of a key; there is no key."""
    grant = grant or granted(world)
    now = database_now()
    return Lease.objects.create(
        grant=grant,
        lake=catalog.lake(world.domain),
        decision_substance="0" * 64,
        account=world[Role.SCIENTIST].account,
        person=world[Role.SCIENTIST].person,
        state=LeaseState.ISSUED,
        issued_at=now,
        expires_at=now + timedelta(hours=1),
        created_at=now,
    )


def touched(world: World, grant: Grant | None = None) -> Lease:
    """A record of a key that was used, as the log of its lake tells."""
    lease = leased(world, grant)
    noted(lease, touch(lease), denied(lease))
    return lease
