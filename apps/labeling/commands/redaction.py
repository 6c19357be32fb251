"""Noting how well what names people was taken out of a version before anybody labels it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetKind, AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid, rule_broken
from apps.labeling import errors
from apps.labeling.events import RedactionChecked
from apps.labeling.models import RedactionCheck

MOST = 100_000_000


@command(lock=AssetVersion)
def note_redaction(
    *,
    actor: Actor,
    asset_version_id: UUID,
    seeds: int,
    seeds_found: int,
    audited: int,
    direct_identifiers: int,
    at: datetime,
) -> RedactionCheck:
    """What came of planted names and of looking through items. The newest check counts.

    Raises: NotFound, NotPermitted, InvalidInput, RuleBroken (no dataset).
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.CHECK_REDACTION, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(errors.NO_DATASET)
    counts = {
        "seeds": seeds,
        "seeds_found": seeds_found,
        "audited": audited,
        "direct_identifiers": direct_identifiers,
    }
    for name, count in counts.items():
        if not 0 <= count <= MOST:
            raise invalid(name, errors.COUNT_REFUSED, most=MOST)
    if seeds_found > seeds:
        raise invalid("seeds_found", errors.MORE_FOUND_THAN_PLANTED)
    made = RedactionCheck.objects.create(
        version=version, checked_by_id=actor.person_id, created_at=at, **counts
    )
    event = RedactionChecked(redaction_check_id=made.uid, version_id=version.uid, **counts)
    record(event, actor=actor, at=at)
    return made
