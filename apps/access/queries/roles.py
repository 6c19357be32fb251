"""Who holds the roles that stages name, for every asset of a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from apps.accounts.authorization import has_object_permission, standing_of
from apps.accounts.queries import role_holders
from apps.accounts.roles import ASKED_BY_ROUTES, ObjectPermission, Role
from apps.catalog.models import Asset
from apps.catalog.queries import people_holding_each
from apps.kernel.actor import Actor

DATA_OWNER = "data_owner"
"""Whoever owns the assets, by role or by an object permission."""
DECIDING = (Role.COMPLIANCE_OFFICER, Role.DPO, Role.STEWARD, Role.ADMINISTRATOR, *sorted(ASKED_BY_ROUTES))
ROLE_OF_STAGE = {role.value: role for role in DECIDING}
"""By the word that rulebooks use. A word that is no role here is held by nobody: its stage is unroutable."""


def held_roles(actor: Actor, words: Collection[str], assets: Sequence[Asset]) -> frozenset[str]:
    """Which of the roles the actor holds, in their own right, for every one of the assets."""
    held = set()
    if DATA_OWNER in words:
        asset_ids = frozenset(asset.pk for asset in assets)
        if has_object_permission(actor, ObjectPermission.OWN, asset_ids):
            held.add(DATA_OWNER)
    standing = standing_of(actor)
    for word in ROLE_OF_STAGE.keys() & set(words):
        role = ROLE_OF_STAGE[word]
        if all(
            standing.holds(role, organization_id=asset.organization_id, domain_id=asset.domain_id)
            for asset in assets
        ):
            held.add(word)
    return frozenset(held)


def holders_by_role(
    words: Iterable[str], assets: Sequence[Asset], *, at: datetime
) -> dict[str, frozenset[int]]:
    """Ids of the people who hold each of the roles for every one of the assets. Two queries at most."""
    wanted = frozenset(words)
    found: dict[str, frozenset[int]] = dict.fromkeys(wanted, frozenset())
    if not assets:
        return found
    if DATA_OWNER in wanted:
        own, keys = ObjectPermission.OWN, [asset.pk for asset in assets]
        owners = people_holding_each({own}, keys)
        found[DATA_OWNER] = frozenset.intersection(*(owners.get((own, key), frozenset()) for key in keys))
    known = sorted(ROLE_OF_STAGE.keys() & wanted)
    if not known:
        return found
    places = {asset.organization_id for asset in assets}
    held = list(role_holders({ROLE_OF_STAGE[word] for word in known}, organization_ids=places, at=at))
    for word in known:
        pools = [
            frozenset(
                each.person_id
                for each in held
                if each.role == ROLE_OF_STAGE[word]
                and each.organization_id == asset.organization_id
                and each.domain_id in {None, asset.domain_id}
            )
            for asset in assets
        ]
        found[word] = frozenset.intersection(*pools)
    return found
