"""By which grant a key is taken, and what it opens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import (
    Q,
)

from apps.access.models import Grant
from apps.access.queries import grants_held_by, why_not_effective
from apps.catalog.models import AssetVersion, StorageLocation
from apps.catalog.queries import views_holding
from apps.classification.models import SensitivityClass
from apps.classification.queries import effective_classes
from apps.credentials.errors import (
    COLUMNS_IN_A_VIEW,
    COLUMNS_NOT_WRITABLE,
    LOCATION_MISSING,
    NO_GRANT,
    NOTHING_A_KEY_DOES,
    SEVERAL_LAKES,
)
from apps.credentials.queries.leases import READING
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.clock import database_now
from apps.kernel.errors import NotFound, RuleBroken, rule_broken
from apps.lakes.errors import COLUMNS_NOT_ENFORCEABLE
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Access, Scope
from apps.lakes.queries import own_role_arn
from apps.policy.facts import Action
from apps.policy.reason import Reason

MOST_GRANTS = 50
"""Of one caller for one asset; more are not looked through."""


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a key for a grant opens: places of one lake, each for one version."""

    lake: Lake
    scopes: tuple[tuple[AssetVersion, Scope], ...]


def grant_to_use(actor: Actor, asset_id: UUID) -> Grant:
    """The grant by which this caller would take a key to an asset: the one that lasts longest of those that
    give their right now. Where none does, the newest: taking a key says why.  Raises: NotFound.
    """
    is_service = actor.kind is ActorKind.SERVICE
    taken_by = Q(service_account=actor.account_key) if is_service else Q(service_account=None)
    held = grants_held_by(actor).filter(taken_by, asset__uid=asset_id)
    found = list(held.order_by("-not_after", "-pk")[:MOST_GRANTS])
    if not found:
        raise NotFound(Reason(code=NO_GRANT))
    now = database_now()
    effective = (each for each in found if not why_not_effective(each, at=now))
    return next(effective, max(found, key=lambda each: each.pk))


def opening_of(grant: Grant, versions: Sequence[AssetVersion], actor: Actor) -> Opening:
    """Raises: RuleBroken where the grant cannot be turned into a key without opening more than it says."""
    access = _access(grant)
    located = [(version, _location(version)) for version in versions]
    lakes = {location.lake_id: location.lake for _version, location in located}
    if len(lakes) > 1:
        raise rule_broken(SEVERAL_LAKES)
    lake = lakes.popitem()[1]
    if grant.columns and not lake.keeps_columns:
        raise _instead(grant, versions, actor)
    columns = _columns(grant, access)
    scopes = []
    for version, at in located:
        bucket, prefix = lake.spot(at.bucket, at.prefix)
        scopes.append((version, Scope(bucket=bucket, prefix=prefix, access=access, columns=columns)))
    return Opening(lake=lake, scopes=tuple(scopes))


def needs_own_role(lake: Lake, versions: Sequence[AssetVersion]) -> bool:
    """Whether a key to these gets a role of its own: where the lake asks for it from the class of one of them
    on. What nobody classified counts as the highest class, and a class that is none as the lowest."""
    if not lake.own_roles_from:
        return False
    from_class = SensitivityClass.objects.filter(code__iexact=lake.own_roles_from).first()
    if from_class is None:
        return True
    least = from_class.rank
    return any(
        each.sensitivity_class is None or bool(each.unclassified) or each.sensitivity_class.rank >= least
        for each in effective_classes(versions).values()
    )


def role_of_lease(lake: Lake, lease_id: UUID, *, has_own_role: bool) -> str:
    """The role that its key is narrowed from."""
    return own_role_arn(lake, lease_id) if has_own_role else lake.role_arn


def _instead(grant: Grant, versions: Sequence[AssetVersion], actor: Actor) -> RuleBroken:
    """What holds just these columns, where the house has made such and the actor sees it."""
    made = views_holding(actor, [version.pk for version in versions], frozenset(grant.columns))
    if not made:
        return rule_broken(COLUMNS_NOT_ENFORCEABLE)
    return rule_broken(COLUMNS_IN_A_VIEW, view=made[0].asset.name, asset=str(made[0].asset.uid))


def _access(grant: Grant) -> Access:
    actions = {Action(action) for action in grant.actions}
    if Action.WRITE in actions:
        return Access.WRITE
    if actions & READING:
        return Access.READ
    raise rule_broken(NOTHING_A_KEY_DOES, actions=", ".join(sorted(actions)))


def _columns(grant: Grant, access: Access) -> frozenset[str] | None:
    """What a key is limited to; None: nothing.  Raises: RuleBroken where it would write."""
    if not grant.columns:
        return None
    if access is not Access.READ:
        raise rule_broken(COLUMNS_NOT_WRITABLE)
    return frozenset(grant.columns)


def _location(version: AssetVersion) -> StorageLocation:
    if version.location is None:
        raise rule_broken(LOCATION_MISSING, version=version.number)
    return version.location
