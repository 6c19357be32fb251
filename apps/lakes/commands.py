"""Connecting lakes and putting connections to the test."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.accounts.authorization import Resource, authorize
from apps.accounts.commands.organizations import check_length, present
from apps.accounts.freshness import require_fresh
from apps.accounts.models import Organization
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.contributions import Impact, Question, expect_seen, impact_of
from apps.kernel.errors import conflict, invalid, invalid_state, rule_broken
from apps.lakes.errors import (
    FLAVOR_UNKNOWN,
    LAKE_DISABLED_ALREADY,
    LAKE_HAS_KEYS,
    LAKE_NAME_TAKEN,
    LAKE_NOT_DISABLED,
    LAKE_REASON_MISSING,
    LAKE_WITHOUT_ROOTS,
    ROLE_NOT_KEPT,
)
from apps.lakes.events import (
    LakeChanged,
    LakeConnected,
    LakeDisabled,
    LakeEnabled,
    LakeHalted,
    LakeRoleSetUp,
    LakeVerified,
)
from apps.lakes.models import Lake
from apps.lakes.providers.contract import Flavor, Probe
from apps.lakes.providers.origin import canonical_origin
from apps.lakes.providers.registry import expect_sound_connection, provider_for, traits_of
from apps.lakes.providers.s3 import S3Provider
from apps.lakes.providers.s3.role import keeps_roles
from apps.lakes.providers.s3.role_steps import usual_issuer

MOVING_LAKE = Question(name="lakes.change_lake", about="lake")
HALTING_LAKE = Question(name="lakes.halt_lake", about="lake")
LONGEST_REF = 20
ADDRESS = frozenset({"endpoint", "sts_endpoint", "region", "secret_ref"})
"""The secrets too: with those of another account, another role of the same name would be asked."""


@command(lock=Organization)
def connect_lake(
    *,
    actor: Actor,
    organization_id: UUID,
    name: str,
    flavor: str,
    endpoint: str,
    country: str,
    secret_ref: str,
    roots: Sequence[str],
    region: str = "",
    role_arn: str = "",
    options: Mapping[str, str] | None = None,
    sts_endpoint: str = "",
    iam_endpoint: str = "",
    external_id: str = "",
    operator_ref: str = "",
    ttl_min_seconds: int | None = None,
    ttl_max_seconds: int | None = None,
    at: datetime,
) -> Lake:
    """Add a connection. Its secrets stay in the environment, under `secret_ref`.

    What a flavor has not is refused as what is missing is. Only the machine may name the `external_id`; for
    everybody else it is drawn at random.
    Raises: NotFound, NotPermitted, InvalidInput, Conflict.
    """
    organization = Organization.objects.visible_to(actor).one(organization_id)
    resource = Resource(kind="organization", uid=organization.uid, organization_id=organization.pk)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=resource)
    name = present(name)
    _check(organization, name, flavor, roots)
    check_length(operator_ref.strip(), LONGEST_REF, field="operator_ref")
    lake = Lake(
        organization=organization,
        name=name,
        flavor=flavor,
        endpoint=canonical_origin(endpoint),
        sts_endpoint=sts_endpoint,
        iam_endpoint=iam_endpoint,
        region=region,
        country=country,
        operator_ref=operator_ref.strip(),
        role_arn=role_arn,
        external_id=external_id if actor.is_system and external_id else secrets.token_urlsafe(24),
        options=_given(options or {}),
        secret_ref=secret_ref,
        roots=list(roots),
        ttl_min_seconds=ttl_min_seconds,
        ttl_max_seconds=ttl_max_seconds,
        created_at=at,
    )
    expect_sound_connection(lake.spec())
    lake.save(force_insert=True)
    event = LakeConnected(
        lake_id=lake.uid,
        flavor=lake.flavor,
        endpoint=lake.endpoint,
        role_arn=lake.role_arn,
        roots=tuple(lake.roots),
    )
    record(event, actor=actor, at=at)
    return lake


@command(lock=Lake)
def change_lake(
    *,
    actor: Actor,
    lake_id: UUID,
    endpoint: str | None = None,
    sts_endpoint: str | None = None,
    region: str | None = None,
    role_arn: str | None = None,
    options: Mapping[str, str] | None = None,
    secret_ref: str | None = None,
    roots: Sequence[str] | None = None,
    operator_ref: str | None = None,
    ttl_max_seconds: int | None = None,
    seen_version: int | None = None,
    at: datetime,
) -> Lake:
    """Change what is given; the connection counts as unverified until it is tested anew.

    It does not move while keys live there, and where its data lie elsewhere from then on, what was approved
    before opens nothing there; save by the machine, whose own demo lake it follows.
    Raises: NotFound, NotPermitted, StaleVersion, InvalidInput, InvalidState (keys live there).
    """
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))
    lake.expect_version(seen_version)
    check_length((operator_ref or "").strip(), LONGEST_REF, field="operator_ref")
    given = {
        "operator_ref": None if operator_ref is None else operator_ref.strip(),
        "endpoint": None if endpoint is None else canonical_origin(endpoint),
        "sts_endpoint": sts_endpoint,
        "region": region,
        "role_arn": role_arn,
        "options": None if options is None else _given({**lake.options, **options}),
        "secret_ref": secret_ref,
        "roots": None if roots is None else list(roots),
        "ttl_max_seconds": ttl_max_seconds,
    }
    changed = {field: value for field, value in given.items() if value is not None}
    before = lake.storage_endpoint
    if not actor.is_system and _moves(lake, changed):
        _check_no_keys(lake)
    for field, value in changed.items():
        setattr(lake, field, value)
    if not actor.is_system and lake.storage_endpoint != before:
        lake.moved_at = at
    if not lake.roots:
        raise invalid("roots", LAKE_WITHOUT_ROOTS)
    expect_sound_connection(lake.spec())
    lake.verified_at = None
    lake.write(*changed, "verified_at", "moved_at")
    record(LakeChanged(lake_id=lake.uid, changed=tuple(sorted(changed))), actor=actor, at=at)
    return lake


@command(lock=Lake)
def disable_lake(*, actor: Actor, lake_id: UUID, reason: str, at: datetime) -> Lake:
    """Give no new key for the lake and take no new place in it, until it is enabled. Keys already given live
    on until they end or are revoked, and revoking goes on.

    Raises: NotFound, NotPermitted, InvalidState (disabled already), InvalidInput (no reason).
    """
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))
    if lake.disabled_at is not None:
        raise invalid_state(LAKE_DISABLED_ALREADY, lake=lake.name)
    if not reason.strip():
        raise invalid("reason", LAKE_REASON_MISSING)
    lake.disabled_at, lake.disabled_reason = at, reason
    lake.write("disabled_at", "disabled_reason")
    record(LakeDisabled(lake_id=lake.uid, reason=reason), actor=actor, at=at)
    return lake


@command(lock=Lake)
def halt_lake(
    *, actor: Actor, lake_id: UUID, reason: str, seen_impact: str | None = None, at: datetime
) -> Lake:
    """Give no new key for the lake, and have every key end that it gave. What is disabled stays so, with the
    reason it has.

    `seen_impact` says that somebody looked at what will end. What they saw need not be all: in an emergency
    nobody is sent back because one more key was taken meanwhile.
    Raises: NotFound, NotPermitted, PreconditionMissing, InvalidInput (no reason).
    """
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.HALT_LAKE, resource=lake_resource(lake))
    require_fresh(actor, at=at)
    if not reason.strip():
        raise invalid("reason", LAKE_REASON_MISSING)
    if seen_impact is None and not actor.is_system:
        expect_seen(HALTING_LAKE, lake.uid, None, actor=actor)
    if lake.disabled_at is None:
        lake.disabled_at, lake.disabled_reason = at, reason
        lake.write("disabled_at", "disabled_reason")
    keys = len(impact_of(HALTING_LAKE, lake.uid).affected)
    record(LakeHalted(lake_id=lake.uid, reason=reason, keys=keys), actor=actor, at=at)
    return lake


def impact_of_halting(*, actor: Actor, lake_id: UUID) -> Impact:
    """The keys that would end, for those who may end them.  Raises: NotFound, NotPermitted."""
    lake = Lake.objects.visible_to(actor).one(lake_id)
    authorize(actor=actor, operation=Operation.HALT_LAKE, resource=lake_resource(lake))
    return impact_of(HALTING_LAKE, lake.uid)


@command(lock=Lake)
def enable_lake(*, actor: Actor, lake_id: UUID, at: datetime) -> Lake:
    """Rely on a disabled lake again.  Raises: NotFound, NotPermitted, InvalidState (not disabled)."""
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))
    if lake.disabled_at is None:
        raise invalid_state(LAKE_NOT_DISABLED, lake=lake.name)
    lake.disabled_at, lake.disabled_reason = None, ""
    lake.write("disabled_at", "disabled_reason")
    record(LakeEnabled(lake_id=lake.uid), actor=actor, at=at)
    return lake


def verify_lake(*, actor: Actor, lake_id: UUID) -> tuple[Lake, tuple[Probe, ...]]:
    """Put a connection to the test: ask, probe without holding any lock, write down what was seen.

    Raises: NotFound, NotPermitted, ProviderFailure.
    """
    lake = begin_lake_verification(actor=actor, lake_id=lake_id)
    connection = lake.spec()
    probes = provider_for(connection).verify_connection(connection)
    return finish_lake_verification(actor=actor, lake_id=lake_id, probes=probes), probes


def set_up_role(*, actor: Actor, lake_id: UUID, issuer_arn: str = "") -> Lake:
    """Make the role of a connection, or bring it up to date, with the key of its administrator, and write
    down that it was done. No lock is held meanwhile.

    Raises: NotFound, NotPermitted, RuleBroken (no role is kept there), ProviderFailure.
    """
    lake = Lake.objects.visible_to(actor).one(lake_id)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))
    connection = lake.spec()
    provider = provider_for(connection)
    if not (isinstance(provider, S3Provider) and keeps_roles(connection)):
        raise rule_broken(ROLE_NOT_KEPT, flavor=lake.flavor)
    issuer = issuer_arn or usual_issuer(connection)
    provider.prepare_role(connection, issuer_arn=issuer)
    return finish_role_set_up(actor=actor, lake_id=lake_id, issuer_arn=issuer)


@command(lock=Lake)
def finish_role_set_up(*, actor: Actor, lake_id: UUID, issuer_arn: str, at: datetime) -> Lake:
    """Write down that the role was made; it counts as untested.  Raises: NotFound, NotPermitted."""
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.MANAGE_LAKE, resource=lake_resource(lake))
    lake.verified_at = None
    lake.write("verified_at")
    event = LakeRoleSetUp(lake_id=lake.uid, role_arn=lake.role_arn, issuer_arn=issuer_arn)
    record(event, actor=actor, at=at)
    return lake


@command(lock=Lake)
def begin_lake_verification(*, actor: Actor, lake_id: UUID, at: datetime) -> Lake:
    """Raises: NotFound, NotPermitted."""
    lake = Lake.objects.visible_to(actor).one(lake_id)
    authorize(actor=actor, operation=Operation.VERIFY_LAKE, resource=lake_resource(lake))
    return lake


@command(lock=Lake)
def finish_lake_verification(*, actor: Actor, lake_id: UUID, probes: tuple[Probe, ...], at: datetime) -> Lake:
    """Write down what the probes saw.  Raises: NotFound, NotPermitted."""
    lake = Lake.objects.visible_to(actor).for_update(lake_id)
    authorize(actor=actor, operation=Operation.VERIFY_LAKE, resource=lake_resource(lake))
    failed = tuple(probe.name for probe in probes if not probe.passed)
    lake.probes = [
        {
            "name": probe.name,
            "expected": probe.expected,
            "observed": probe.observed,
            "passed": probe.passed,
        }
        for probe in probes
    ]
    lake.verified_at = None if failed else at
    lake.write("probes", "verified_at")
    record(LakeVerified(lake_id=lake.uid, passed=not failed, failed_probes=failed), actor=actor, at=at)
    return lake


def _given(options: Mapping[str, str]) -> dict[str, str]:
    """An empty answer is none."""
    return {name: value for name, value in options.items() if value}


def lake_resource(lake: Lake) -> Resource:
    return Resource(kind="lake", uid=lake.uid, organization_id=lake.organization_id)


def _moves(lake: Lake, changed: Mapping[str, Any]) -> bool:
    """Whether its keys would be made and ended elsewhere."""
    if any(changed[field] != getattr(lake, field) for field in ADDRESS & set(changed)):
        return True
    options, placing = changed.get("options", lake.options), traits_of(lake.flavor).options
    return any(each.places and options.get(name) != lake.options.get(name) for name, each in placing.items())


def _check_no_keys(lake: Lake) -> None:
    """Raises: InvalidState."""
    living = impact_of(MOVING_LAKE, lake.uid).affected
    if living:
        raise invalid_state(LAKE_HAS_KEYS, keys=len(living), lake=lake.name)


def _check(organization: Organization, name: str, flavor: str, roots: Sequence[str]) -> None:
    known = {member.value for member in Flavor}
    if flavor not in known:
        raise invalid("flavor", FLAVOR_UNKNOWN, flavor=flavor, known=", ".join(sorted(known)))
    if not roots:
        raise invalid("roots", LAKE_WITHOUT_ROOTS)
    if Lake.objects.filter(organization=organization, name__iexact=name).exists():
        raise conflict(LAKE_NAME_TAKEN, name=name)
