"""What of an asset is said by hand, and what only the house itself knows."""

from __future__ import annotations

from apps.catalog.errors import LABELS_COME_FROM_A_FILE
from apps.catalog.models import AssetKind
from apps.kernel.actor import Actor
from apps.kernel.errors import rule_broken


def refuse_labels_by_hand(actor: Actor, kind: str, field: str = "kind") -> None:
    """Raises: RuleBroken where somebody would register what only a file of labels becomes."""
    if kind == AssetKind.LABEL_SET and not actor.is_system:
        raise rule_broken(LABELS_COME_FROM_A_FILE, field=field)
