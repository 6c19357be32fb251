"""What happens by itself after a change of the catalog."""

from __future__ import annotations

from celery import shared_task

from apps.catalog.models import Asset
from apps.classification import commands
from apps.kernel.actor import SYSTEM


@shared_task
def inherit_classification(asset_id: str) -> None:
    asset = Asset.objects.get(uid=asset_id)
    commands.inherit_classification(actor=SYSTEM, asset_id=asset.uid)
