"""Who holds the roles that stages name, for every asset of a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.authorization import has_object_permission, standing_of
from apps.accounts.queries import role_holders
from apps.accounts.roles import ASKED_BY_ROUTES, ObjectPermission, Role
from apps.catalog.models import Asset
from apps.catalog.queries import people_holding_each
from apps.kernel.actor import Actor
from apps.policy.route import StageSpec

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
    nobody: frozenset[int] = frozenset()
    return {
        word: frozenset.intersection(*by_asset.values()) if by_asset else nobody
        for word, by_asset in holders_by_asset(words, assets, at=at).items()
    }


def holders_by_asset(
    words: Iterable[str], assets: Sequence[Asset], *, at: datetime
) -> dict[str, dict[int, frozenset[int]]]:
    """The same for each of the assets, by its id. Two queries at most."""
    nobody: frozenset[int] = frozenset()
    wanted = frozenset(words)
    found = {word: {asset.pk: nobody for asset in assets} for word in wanted}
    if DATA_OWNER in wanted and assets:
        own, keys = ObjectPermission.OWN, [asset.pk for asset in assets]
        owners = people_holding_each({own}, keys)
        found[DATA_OWNER] = {key: owners.get((own, key), nobody) for key in keys}
    known = sorted(ROLE_OF_STAGE.keys() & wanted)
    if not known or not assets:
        return found
    places = {asset.organization_id for asset in assets}
    held = list(role_holders({ROLE_OF_STAGE[word] for word in known}, organization_ids=places, at=at))
    for word in known:
        found[word] = {
            asset.pk: frozenset(
                each.person_id
                for each in held
                if each.role == ROLE_OF_STAGE[word]
                and each.organization_id == asset.organization_id
                and each.domain_id in {None, asset.domain_id}
            )
            for asset in assets
        }
    return found


@dataclass(frozen=True, kw_only=True)
class Apart:
    """Assets that one request cannot ask for together: each has somebody in the role, and nobody has it for
    all of them."""

    role: str
    assets: tuple[Asset, ...]


def apart(stages: Iterable[StageSpec], assets: Sequence[Asset], *, at: datetime) -> Apart | None:
    """Of the stages that decide, the first that only separate requests could fill. Two queries at most.

    Where one of the assets has nobody, a separate request would not help; the request is unroutable then.
    """
    if len(assets) < 2:
        return None
    deciding = [stage for stage in stages if not stage.is_opinion]
    words = {word for stage in deciding for word in (*stage.roles, *stage.fallback_roles)}
    by_asset = holders_by_asset(words, assets, at=at)

    def in_common(word: str) -> bool:
        return bool(frozenset.intersection(*by_asset[word].values()))

    for stage in deciding:
        for role in stage.roles:
            is_held = all(by_asset[role].values())
            if is_held and not any(in_common(word) for word in (role, *stage.fallback_roles)):
                return Apart(role=role, assets=tuple(assets))
    return None
