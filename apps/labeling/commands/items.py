"""Keeping which items a version of a dataset has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetKind, AssetVersion
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput, conflict, rule_broken
from apps.labeling import errors
from apps.labeling.events import ItemsBrought
from apps.labeling.facts import erased_names
from apps.labeling.imports.annotation import fault
from apps.labeling.imports.items import ITEM_ERASED
from apps.labeling.imports.manifest import Item, Manifest, read_manifest
from apps.labeling.imports.told import reasons_of
from apps.labeling.models import DatasetItem, Erased, ItemManifest


@command(lock=AssetVersion)
def keep_items(*, actor: Actor, asset_version_id: UUID, content: bytes, at: datetime) -> ItemManifest:
    """Keep the items that a file names as those of the version: all of them or none, and once.

    Raises: NotFound, NotPermitted, InvalidInput (each fault with its line), RuleBroken (no such table, no
    dataset), Conflict (there is a list).
    """
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.BRING_ITEMS, resource=asset_resource(version.asset))
    if version.asset.kind != AssetKind.DATASET:
        raise rule_broken(errors.NO_DATASET)
    if ItemManifest.objects.filter(version=version).exists():
        raise conflict(errors.ITEMS_BROUGHT_BEFORE, version=version.number)
    found = without_erased(read_manifest(content), version)
    if found.faulty:
        raise InvalidInput(*reasons_of(found.faults, found.faulty, found.beyond))
    made = ItemManifest.objects.create(
        version=version,
        items=len(found.items),
        file_sha256=hashlib.sha256(content).hexdigest(),
        addresses_removed=found.addresses,
        brought_by_id=actor.person_id,
        created_at=at,
    )
    _keep(made, found.items)
    event = ItemsBrought(
        item_manifest_id=made.uid, version_id=version.uid, file_sha256=made.file_sha256, items=made.items
    )
    record(event, actor=actor, at=at)
    return made


def without_erased(found: Manifest, version: AssetVersion) -> Manifest:
    """What was erased is a fault of its line."""
    items, people = erased_names(version, Erased.ITEM), erased_names(version, Erased.SUBJECT)
    for each in found.items:
        day = items.on(each.name)
        if day is not None:
            found.add_fault(fault(ITEM_ERASED, each.line, "", on=day.isoformat()))
        elif each.subject and (day := people.on(each.subject)) is not None:
            found.add_fault(fault(errors.SUBJECT_ERASED, each.line, "", on=day.isoformat()))
    return found


COLUMNS = ("manifest_id", "line", "name", "sha256", "split", "subject", "groups")


def _keep(manifest: ItemManifest, items: Sequence[Item]) -> None:
    """By COPY: a row for each item."""
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY "{DatasetItem._meta.db_table}" ({names}) FROM STDIN') as into,
    ):
        for each in items:
            groups = json.dumps(dict(each.groups), ensure_ascii=False)
            into.write_row((manifest.pk, each.line, each.name, each.sha256, each.split, each.subject, groups))
