"""Reads about leases, and what a grant would open in a lake."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import (
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.db.models.functions import Least, Now

from apps.access.models import Grant
from apps.access.queries import grants_held_by, why_not_effective
from apps.access.queries.publishing import touched_by
from apps.accounts.authorization import Resource, authorize, standing_of
from apps.accounts.operations import Operation
from apps.accounts.roles import Role
from apps.catalog.models import Asset, AssetVersion, StorageLocation
from apps.compliance.facts.reach import reach_of
from apps.compliance.lifecycle.occurrences import EFFECTS
from apps.credentials.errors import (
    ACCESS_LOG_REVERSED,
    COLUMNS_NOT_ENFORCEABLE,
    GRANT_OR_ASSET,
    LOCATION_MISSING,
    NO_GRANT,
    NOTHING_A_KEY_DOES,
    SEVERAL_LAKES,
)
from apps.credentials.lifecycle import OVERDUE_AFTER, LeaseState
from apps.credentials.models import Lease, LeaseScope
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.clock import database_now, start_of_utc_day
from apps.kernel.contributions import Affected, Exhibit
from apps.kernel.errors import NotFound, invalid, rule_broken
from apps.lakes.models import Lake
from apps.lakes.prefix import BucketName, StoragePrefix
from apps.lakes.providers.contract import Access, Scope
from apps.policy.facts import Action
from apps.policy.reason import Reason

MOST_GRANTS = 50
"""Of one caller for one asset; more are not looked through."""
SEES_OVERDUE = frozenset({Role.ADMINISTRATOR, Role.COMPLIANCE_OFFICER, Role.DPO, Role.AUDITOR})
READING = frozenset({Action.READ, Action.EXPORT, Action.LABEL, Action.TRAIN, Action.DEPLOY})


@dataclass(frozen=True, kw_only=True)
class Use:
    """How a grant was used: keys that were really issued, and when the last one was."""

    leases: int
    last_at: datetime | None


NEVER_USED = Use(leases=0, last_at=None)


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


@dataclass(frozen=True, kw_only=True)
class Fit:
    """How far what was granted was used, as keys show it: what they opened is known, what was done with it is
    not. `unused` are the actions that no key was taken for; `unseen` those that no key carries out, so that
    nobody knows of their use. `versions`: numbers of those that keys opened."""

    use: Use
    versions: tuple[int, ...]
    actions: tuple[str, ...]
    unused: tuple[str, ...]
    unseen: tuple[str, ...]

    @property
    def kept(self) -> tuple[str, ...]:
        """What to ask for again; all of it where nothing was used at all."""
        left = tuple(action for action in self.actions if action not in self.unused)
        return left if self.use.leases else self.actions


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a key for a grant opens: places of one lake, each for one version."""

    lake: Lake
    scopes: tuple[tuple[AssetVersion, Scope], ...]


def leases_visible_to(actor: Actor) -> QuerySet[Lease]:
    leases = Lease.objects.visible_to(actor).select_related("grant", "lake", "person")
    return leases.prefetch_related("scopes__version")


def leases_of(actor: Actor, grant_uid: UUID) -> QuerySet[Lease]:
    """Raises: NotFound, where the grant is hidden."""
    return leases_visible_to(actor).filter(grant=Grant.objects.visible_to(actor).one(grant_uid))


def grant_to_use(actor: Actor, *, grant: UUID | None = None, asset: UUID | None = None) -> Grant:
    """The grant by which this caller would take a key: the one named, or for an asset the one that lasts
    longest of those that give their right now. Where none does, the newest: taking a key says why.

    Raises: NotFound; InvalidInput where neither is named, or both are.
    """
    if grant is not None and asset is None:
        named: Grant = Grant.objects.visible_to(actor).one(grant)
        return named
    if asset is None or grant is not None:
        raise invalid("grant", GRANT_OR_ASSET)
    is_service = actor.kind is ActorKind.SERVICE
    taken_by = Q(service_account=actor.account_key) if is_service else Q(service_account=None)
    held = grants_held_by(actor).filter(taken_by, asset__uid=asset)
    found = list(held.order_by("-not_after", "-pk")[:MOST_GRANTS])
    if not found:
        raise NotFound(Reason(code=NO_GRANT))
    now = database_now()
    effective = (each for each in found if not why_not_effective(each, at=now))
    return next(effective, max(found, key=lambda each: each.pk))


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


def use_of(grants: Collection[int]) -> Mapping[int, Use]:
    """By the key of the grant; those that were never used are missing. One query."""
    issued = Lease.objects.filter(grant__in=grants, issued_at__isnull=False).order_by()
    rows = issued.values("grant").annotate(leases=Count("pk"), last_at=Max("issued_at"))
    return {row["grant"]: Use(leases=row["leases"], last_at=row["last_at"]) for row in rows}


def fit_of(grant: Grant) -> Fit:
    """Two queries."""
    opened = LeaseScope.objects.filter(lease__grant=grant, lease__issued_at__isnull=False)
    rows = set(opened.values_list("version__number", "access"))
    touched = {access for _, access in rows}
    by_keys = READING | {Action.WRITE}
    carried_out = by_keys if Access.WRITE in touched else READING if touched else frozenset()
    asked = [Action(action) for action in grant.actions]
    return Fit(
        use=use_of([grant.pk]).get(grant.pk, NEVER_USED),
        versions=tuple(sorted({number for number, _ in rows})),
        actions=tuple(grant.actions),
        unused=tuple(action.value for action in asked if action in by_keys - carried_out),
        unseen=tuple(action.value for action in asked if action not in by_keys),
    )


def keys_shown(request_uid: UUID) -> Exhibit:
    """Every key that was taken by the grants of a request: for whom, how long, what it opened. Two queries.

    No part of a key is stored, so none can be shown.
    """
    taken = Lease.objects.filter(grant__revision__request__uid=request_uid).order_by("pk")
    leases = list(
        taken.select_related("grant", "lake", "person", "account").prefetch_related("scopes__version")
    )
    return Exhibit(
        name="keys",
        told="Every key that was issued or revoked; never a part of a key.",
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
        "opened": [
            {
                "version": str(scope.version.uid),
                "place": f"s3://{scope.bucket}/{scope.prefix}",
                "access": scope.access,
            }
            for scope in lease.scopes.all()
        ],
    }


def keys_for_purpose(purpose_uid: UUID) -> Iterator[Affected]:
    """Every key that works for the purpose now, whoever looks. One query."""
    yield from _keys(Q(grant__purpose__uid=purpose_uid))


def keys_of_person(person_uid: UUID) -> Iterator[Affected]:
    """Every key that works now and that the person took, or holds the grant of. One query."""
    held = Q(grant__person__uid=person_uid, grant__project__isnull=True)
    yield from _keys(Q(person__uid=person_uid) | held)


def keys_of_grant(grant_uid: UUID) -> Iterator[Affected]:
    """Every key that works by the grant now. One query."""
    yield from _keys(Q(grant__uid=grant_uid))


def keys_to_asset(asset_uid: UUID) -> Iterator[Affected]:
    """Every key that works on the asset now. One query."""
    yield from _keys(Q(grant__asset__uid=asset_uid))


def keys_under_policy(policy_set_uid: UUID) -> Iterator[Affected]:
    """Every key that works by a grant for which other rules would change something."""
    if grants := touched_by(policy_set_uid).grants:
        yield from _keys(Q(grant__in=[grant.pk for grant in grants]))


def keys_under_occurrence(occurrence_uid: UUID) -> Iterator[Affected]:
    """Every key that works on a version that it reaches, as far as it has any effect on access."""
    reach = reach_of(occurrence_uid)
    if EFFECTS[reach.occurrence.kind_of].access:
        reached = Lease.objects.filter(scopes__version__in=list(reach.through))
        yield from _keys(Q(pk__in=reached.values("pk")))


def keys_in_lake(lake_uid: UUID) -> Iterator[Affected]:
    """Every key of the lake that has not ended, or may have been made. One query."""
    living = Lease.objects.filter(lake__uid=lake_uid, ended_at__isnull=True).order_by()
    for uid, row_version in living.values_list("uid", "row_version"):
        yield Affected(kind="lease", uid=uid, row_version=row_version)


def _keys(which: Q) -> Iterator[Affected]:
    working = Lease.objects.filter(which, state=LeaseState.ISSUED).order_by()
    for uid, row_version in working.values_list("uid", "row_version"):
        yield Affected(kind="lease", uid=uid, row_version=row_version)


def opening_of(grant: Grant, versions: Sequence[AssetVersion]) -> Opening:
    """Raises: RuleBroken where the grant cannot be turned into a key without opening more than it says."""
    if grant.columns:
        raise rule_broken(COLUMNS_NOT_ENFORCEABLE)
    access = _access(grant)
    located = [(version, _location(version)) for version in versions]
    lakes = {location.lake_id: location.lake for _version, location in located}
    if len(lakes) > 1:
        raise rule_broken(SEVERAL_LAKES)
    scopes = tuple(
        (
            version,
            Scope(bucket=BucketName(text=at.bucket), prefix=StoragePrefix(text=at.prefix), access=access),
        )
        for version, at in located
    )
    return Opening(lake=lakes.popitem()[1], scopes=scopes)


def _access(grant: Grant) -> Access:
    actions = {Action(action) for action in grant.actions}
    if Action.WRITE in actions:
        return Access.WRITE
    if actions & READING:
        return Access.READ
    raise rule_broken(NOTHING_A_KEY_DOES, actions=", ".join(sorted(actions)))


def _location(version: AssetVersion) -> StorageLocation:
    if version.location is None:
        raise rule_broken(LOCATION_MISSING, version=version.number)
    return version.location


__all__ = [
    "NEVER_USED",
    "Access",
    "Fit",
    "LeaseState",
    "Opening",
    "Use",
    "fit_of",
    "grant_to_use",
    "keys_for_purpose",
    "keys_shown",
    "leases_of",
    "leases_visible_to",
    "opening_of",
    "overdue_revocations",
    "use_of",
]
