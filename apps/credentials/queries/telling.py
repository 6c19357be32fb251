"""What is told of keys: in the evidence, in the access log of a dataset, on the board of revocations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.functions import Least, Now

from apps.accounts.authorization import Resource, authorize, standing_of
from apps.accounts.operations import Operation
from apps.accounts.roles import Role
from apps.catalog.models import Asset
from apps.credentials.errors import (
    ACCESS_LOG_REVERSED,
)
from apps.credentials.lifecycle import OVERDUE_AFTER, LeaseState
from apps.credentials.models import Lease, LeaseScope, LeaseUse
from apps.kernel.actor import Actor
from apps.kernel.clock import start_of_utc_day
from apps.kernel.contributions import Exhibit
from apps.kernel.errors import invalid

SEES_OVERDUE = frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})


@dataclass(frozen=True, kw_only=True)
class KeyHeld:
    """A key that was really issued, and what it opened. `until`: when it ended, or can work at the latest."""

    uid: UUID
    person: str
    account: str
    request_uid: UUID
    request_ref: str
    purpose: str
    versions: tuple[int, ...]
    places: tuple[str, ...]
    since: datetime
    until: datetime


def access_log(actor: Actor, asset_id: UUID, *, since: date, until: date) -> list[KeyHeld]:
    """Keys to the asset that worked on one of these days, in UTC, whoever held them. Three queries.

    Raises: NotFound, NotPermitted (who may not read the trail), InvalidInput (the last day before the first).
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    resource = Resource(kind="asset", uid=asset.uid, organization_id=asset.organization_id)
    authorize(actor=actor, operation=Operation.READ_TRAIL, resource=resource)
    if until < since:
        raise invalid("until", ACCESS_LOG_REVERSED, since=since.isoformat(), until=until.isoformat())
    first, after = start_of_utc_day(since), start_of_utc_day(until + timedelta(days=1))
    scopes = LeaseScope.objects.filter(version__asset=asset).select_related("version").order_by("pk")
    found = Lease.objects.filter(
        Q(ended_at__isnull=True, expires_at__gt=first) | Q(ended_at__gt=first),
        Exists(scopes.filter(lease=OuterRef("pk"))),
        issued_at__isnull=False,
        issued_at__lt=after,
    ).select_related("person", "account", "grant__purpose", "grant__revision__request")
    found = found.prefetch_related(Prefetch("scopes", queryset=scopes, to_attr="opened"))
    return [_held(lease) for lease in found.order_by("issued_at", "pk")]


def _held(lease: Any) -> KeyHeld:
    request = lease.grant.revision.request
    return KeyHeld(
        uid=lease.uid,
        person=lease.person.name,
        account=lease.account.username,
        request_uid=request.uid,
        request_ref=request.ref,
        purpose=lease.grant.purpose.ref,
        versions=tuple(scope.version.number for scope in lease.opened),
        places=tuple(f"{scope.bucket}/{scope.prefix}" for scope in lease.opened),
        since=lease.issued_at,
        until=min(lease.ended_at or lease.expires_at, lease.expires_at),
    )


def overdue_revocations(actor: Actor) -> QuerySet[Lease]:
    """Keys that were to end and whose provider could not be told in many attempts, of the organizations for
    whose lakes one answers. Each carries its `exposure`, until now or its own end."""
    overdue = Lease.objects.filter(state=LeaseState.REVOKE_REQUESTED, attempts__gte=OVERDUE_AFTER)
    if not actor.is_system:
        places = {held.organization_id for held in standing_of(actor).roles if held.role in SEES_OVERDUE}
        overdue = overdue.filter(lake__organization__in=places)
    exposure = ExpressionWrapper(
        Least(Now(), F("expires_at")) - F("revoke_requested_at"), output_field=DurationField()
    )
    return overdue.annotate(exposure=exposure).select_related("lake", "person")


def keys_shown(request_uid: UUID) -> Exhibit:
    """Every key that was taken by the grants of a request: for whom, how long, what it opened. Two queries.

    No part of a key is stored, so none can be shown.
    """
    taken = Lease.objects.filter(grant__revision__request__uid=request_uid).order_by("pk")
    leases = list(
        taken.select_related("grant", "lake", "person", "account", "use").prefetch_related("scopes__version")
    )
    return Exhibit(
        name="keys",
        told="Every key that was issued or revoked, and how much it was used where the lake's log is read;"
        " never a part of a key.",
        rows=tuple(_shown(lease) for lease in leases),
        subjects=frozenset(lease.uid for lease in leases),
    )


def _shown(lease: Lease) -> dict[str, Any]:
    def told(at: datetime | None) -> str | None:
        return at.isoformat() if at else None

    return {
        "lease": str(lease.uid),
        "grant": str(lease.grant.uid),
        "taken_by": {
            "uid": str(lease.person.uid),
            "name": lease.person.name,
            "account": lease.account.username,
        },
        "lake": lease.lake.name,
        "state": lease.state,
        "reserved_at": told(lease.created_at),
        "issued_at": told(lease.issued_at),
        "times_given": lease.times_given,
        "given_at": told(lease.given_at),
        "expires_at": told(lease.expires_at),
        "revoke_requested_at": told(lease.revoke_requested_at),
        "ended_at": told(lease.ended_at),
        "revoke_effect": lease.revoke_effect,
        "fault": lease.fault,
        "used": _used(lease),
        "opened": [
            {
                "version": str(scope.version.uid),
                "place": lease.lake.place(scope.bucket, scope.prefix),
                "access": scope.access,
                "columns": scope.columns,
            }
            for scope in lease.scopes.all()
        ],
    }


def _used(lease: Lease) -> dict[str, Any] | None:
    """Requests and bytes; nothing where none is known of."""
    use: LeaseUse | None = getattr(lease, "use", None)
    if use is None:
        return None
    counts = ("allowed", "written", "denied", "strayed", "size")
    moments = {"first_at": use.first_at.isoformat(), "last_at": use.last_at.isoformat()}
    return {**{name: getattr(use, name) for name in counts}, **moments}
