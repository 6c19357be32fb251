"""Releasing a version of a model, taking that back, and noticing that its ground is gone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.errors import ASSET_RETIRED
from apps.catalog.facts import asset_resource
from apps.catalog.lifecycle import AssetState
from apps.catalog.models import AssetKind, AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import RuleBroken, conflict, invalid, invalid_state, rule_broken
from apps.labeling import errors
from apps.labeling.checks.releasing import obstacles_of
from apps.labeling.events import ModelReleased, ReleaseFell, ReleaseStands, ReleaseWithdrawn
from apps.labeling.models import ModelRelease
from apps.labeling.releases import conditions_for


@command(lock=AssetVersion)
def release_model(*, actor: Actor, asset_version_id: UUID, at: datetime) -> ModelRelease:
    """Give a version of a model free: only where everything it learned from allows it.

    Raises: NotFound, NotPermitted, RuleBroken (no model, or conditions that are not met: each is told),
    InvalidState (retired), Conflict (released already).
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.RELEASE_MODEL, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.MODEL:
        raise rule_broken(errors.NO_MODEL)
    if version.asset.state == AssetState.RETIRED:
        raise invalid_state(ASSET_RETIRED)
    if ModelRelease.objects.standing().filter(version=version).exists():
        raise conflict(errors.RELEASED_ALREADY, version=version.number)
    obstacles = obstacles_of(conditions_for(actor, version, on=at.date()))
    if obstacles:
        raise RuleBroken(*obstacles)
    made = ModelRelease.objects.create(version=version, released_by_id=actor.person_id, created_at=at)
    event = ModelReleased(release_id=made.uid, asset_id=version.asset.uid, version_id=version.uid)
    record(event, actor=actor, at=at)
    return made


@command(lock=ModelRelease)
def withdraw_release(*, actor: Actor, model_release_id: UUID, why: str, at: datetime) -> ModelRelease:
    """Take a release back. The version may be released again once its conditions are met.

    Raises: NotFound, NotPermitted, InvalidInput (no reason), InvalidState (withdrawn already).
    """
    release = _locked(actor, model_release_id, Operation.RELEASE_MODEL)
    if release.withdrawn_at is not None:
        raise invalid_state(errors.WITHDRAWN_ALREADY)
    if not why.strip():
        raise invalid("why", errors.WITHDRAWN_WITHOUT_REASON)
    release.withdrawn_at, release.withdrawn_by_id, release.why = at, actor.person_id, why
    release.write("withdrawn_at", "withdrawn_by", "why")
    version = release.version
    event = ReleaseWithdrawn(
        release_id=release.uid, asset_id=version.asset.uid, version_id=version.uid, why=why
    )
    record(event, actor=actor, at=at)
    return release


@command(lock=ModelRelease)
def keep_release_in_step(*, actor: Actor, model_release_id: UUID, at: datetime) -> ModelRelease:
    """Note that a condition is no longer met, once; and that all are met again.  Raises: NotPermitted."""
    release = _locked(actor, model_release_id, Operation.KEEP_IN_STEP)
    version = release.version
    obstacles = obstacles_of(conditions_for(actor, version, on=at.date()))
    if release.withdrawn_at is not None or bool(obstacles) == (release.fell_at is not None):
        return release
    release.fell_at = at if obstacles else None
    release.write("fell_at")
    about = {"release_id": release.uid, "asset_id": version.asset.uid, "version_id": version.uid}
    if obstacles:
        codes = tuple(dict.fromkeys(reason.code for reason in obstacles))
        record(ReleaseFell(**about, codes=codes), actor=actor, at=at)
    else:
        record(ReleaseStands(**about), actor=actor, at=at)
    return release


def _locked(actor: Actor, release_id: UUID, operation: Operation) -> ModelRelease:
    release = ModelRelease.objects.visible_to(actor).for_update(release_id)
    authorize(actor=actor, operation=operation, resource=asset_resource(release.version.asset))
    return release
