"""Reads of lake connections."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from apps.accounts.authorization import Resource, authorize, may
from apps.accounts.operations import Operation
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput
from apps.kernel.models import HouseQuerySet
from apps.lakes.commands import lake_resource
from apps.lakes.models import Lake, storage_root
from apps.lakes.providers.contract import Capabilities, Flavor, Granularity, OwnRole, RevokeEffect
from apps.lakes.providers.keyring import Duty, variables
from apps.lakes.providers.quoting import exports
from apps.lakes.providers.registry import TRAITS, traits_of
from apps.lakes.providers.registry import role_steps as steps_of
from apps.lakes.providers.s3.flavors import OPTIONS
from apps.lakes.providers.s3.own_roles import own_connection
from apps.lakes.providers.setup import RoleStep
from apps.lakes.providers.traits import FreshKey, Snippet, Traits, Unattended


class LakeState(StrEnum):
    """What the last test says about a connection, unless an administrator disabled it."""

    DISABLED = "disabled"
    SOUND = "sound"
    FAULTY = "faulty"
    CHANGED = "changed"
    UNTESTED = "untested"


def lakes_visible_to(actor: Actor) -> HouseQuerySet[Lake]:
    return Lake.objects.visible_to(actor).select_related("organization")


def lakes_in_use(actor: Actor) -> HouseQuerySet[Lake]:
    """Those in which a new place may be registered."""
    return lakes_visible_to(actor).filter(disabled_at__isnull=True)


def state_of(lake: Lake) -> LakeState:
    """A connection that was changed after a test it passed counts as changed; one that failed, as faulty."""
    if lake.disabled_at is not None:
        return LakeState.DISABLED
    if lake.verified_at is not None:
        return LakeState.SOUND
    if not lake.probes:
        return LakeState.UNTESTED
    return LakeState.CHANGED if all(probe["passed"] for probe in lake.probes) else LakeState.FAULTY


def secret_variables(lake: Lake) -> dict[Duty, tuple[str, str]]:
    """Where in the environment the portal looks for the lake's keys: key and secret of each duty."""
    connection = lake.spec()
    return {duty: variables(connection, duty) for duty in traits_of(lake.flavor).duties}


def snippets_of(
    lake: Lake, parts: Mapping[str, str], bucket: str, prefix: str, *, columns: frozenset[str] | None
) -> tuple[Snippet, ...]:
    """A fresh key as code that reads one of its places."""
    key = FreshKey(
        parts=parts,
        connection=lake.spec(),
        bucket=bucket,
        prefix=prefix,
        place=lake.place(bucket, prefix),
        columns=columns,
    )
    return traits_of(lake.flavor).snippets(key)


def renewed_of(lake: Lake, bucket: str, prefix: str, asset_id: UUID) -> str:
    """Code of a program that takes its keys itself; empty where that is not by code, or not at all."""
    renewed = traits_of(lake.flavor).renewed
    if renewed is None:
        return ""
    return renewed(_unattended(lake, bucket, prefix, asset_id))


def programs_of(lake: Lake, bucket: str, prefix: str, asset_id: UUID) -> tuple[Snippet, ...]:
    """The same for libraries that take their keys by the protocol of container credentials: none where the
    keys of the lake do not fit it."""
    programs = traits_of(lake.flavor).programs
    return programs(_unattended(lake, bucket, prefix, asset_id)) if programs else ()


def surroundings_of(lake: Lake) -> Mapping[str, str]:
    """Variables that such a program needs beside those of its key."""
    return traits_of(lake.flavor).surroundings(lake)


def _unattended(lake: Lake, bucket: str, prefix: str, asset_id: UUID) -> Unattended:
    place = lake.place(bucket, prefix)
    return Unattended(
        connection=lake.spec(), bucket=bucket, prefix=prefix, place=place, asset_id=str(asset_id)
    )


def own_role_arn(lake: Lake, lease_id: UUID) -> str:
    """The role that is made for one lease alone."""
    return own_connection(lake.spec(), lease_id).role_arn


def role_steps(lake: Lake) -> tuple[RoleStep, ...]:
    """How its role is set up by hand; nothing where the connection names no role that could be."""
    try:
        return steps_of(lake.spec())
    except InvalidInput:
        return ()


def role_command(lake: Lake) -> str:
    """What whoever runs the portal types to have the role made; empty where the administrator of the role may
    not make any."""
    if lake.flavor not in OPTIONS or not OPTIONS[Flavor(lake.flavor)].makes_own_roles:
        return ""
    name, organization = shlex.quote(lake.name), shlex.quote(lake.organization.code)
    return f"python3 manage.py lake_role {name} --organization {organization} --apply"


def expect_may_connect(actor: Actor) -> None:
    """In the actor's own organization.  Raises: NotPermitted."""
    resource = Resource(kind="organization", organization_id=actor.organization_id or 0)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=resource)


def may_connect(actor: Actor) -> bool:
    resource = Resource(kind="organization", organization_id=actor.organization_id or 0)
    return may(actor=actor, operation=Operation.MANAGE_LAKE, resource=resource)


def expect_may_change(actor: Actor, lake: Lake) -> None:
    """Raises: NotPermitted."""
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))


def may_change(actor: Actor, lake: Lake) -> bool:
    return may(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))


def may_halt(actor: Actor, lake: Lake) -> bool:
    return may(actor=actor, operation=Operation.HALT_LAKE, resource=lake_resource(lake))


def may_test(actor: Actor, lake: Lake) -> bool:
    return may(actor=actor, operation=Operation.VERIFY_LAKE, resource=lake_resource(lake))


__all__ = [
    "TRAITS",
    "Capabilities",
    "Duty",
    "Flavor",
    "Granularity",
    "LakeState",
    "OwnRole",
    "RevokeEffect",
    "Snippet",
    "Traits",
    "expect_may_change",
    "expect_may_connect",
    "exports",
    "lakes_in_use",
    "lakes_visible_to",
    "may_change",
    "may_connect",
    "may_halt",
    "may_test",
    "own_role_arn",
    "programs_of",
    "renewed_of",
    "role_command",
    "role_steps",
    "secret_variables",
    "snippets_of",
    "state_of",
    "storage_root",
    "surroundings_of",
    "traits_of",
]
