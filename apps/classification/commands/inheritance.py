"""A new version begins with what was said about the same columns of the version before."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import Asset, AssetVersion
from apps.classification.commands import ledger
from apps.classification.events import ColumnsClassified
from apps.classification.models import Classification, ClassificationSource
from apps.kernel.actor import Actor


@command(lock=Asset)
def inherit_classification(*, actor: Actor, asset_id: UUID, at: datetime) -> tuple[Classification, ...]:
    """Give columns about which nothing was ever said what holds for the equally named and typed column of
    the version before. New columns stay unclassified, and so are not opened.

    Doing it twice does nothing more.  Raises: NotFound, NotPermitted.
    """
    asset = Asset.objects.visible_to(actor).one(asset_id)
    authorize(actor=actor, operation=Operation.CLASSIFY, resource=asset_resource(asset))
    versions = list(asset.versions.order_by("number"))
    inherited: list[Classification] = []
    for before, version in pairwise(versions):
        inherited += _inherit(asset, before, version, actor=actor, at=at)
    return tuple(inherited)


def _inherit(
    asset: Asset, before: AssetVersion, version: AssetVersion, *, actor: Actor, at: datetime
) -> list[Classification]:
    AssetVersion.objects.for_update(version.uid)  # whoever classifies it at the same time
    columns, columns_before = ledger.columns_of(version), ledger.columns_of(before)
    said = set(Classification.objects.filter(version=version).values_list("column_name", flat=True))
    rows = [
        ledger.heir(row, version, ClassificationSource.INHERITED, at=at)
        for name, row in ledger.current_rows(before).items()
        if name not in said and name in columns and columns[name] == columns_before.get(name)
    ]
    if not rows:
        return []
    ledger.put_down(version, rows, at=at)
    event = ColumnsClassified(
        asset_id=asset.uid,
        version_id=version.uid,
        source=ClassificationSource.INHERITED,
        sayings=ledger.in_words(rows),
        reasons=ledger.reasons_in_words(rows),
    )
    record(event, actor=actor, at=at)
    return rows
