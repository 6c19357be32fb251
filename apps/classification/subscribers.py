"""A version was registered: it begins with what was said about the version before."""

from __future__ import annotations

from uuid import UUID

from apps.catalog.events import VersionRegistered
from apps.classification.tasks import inherit_classification
from apps.kernel.events import subscribe


def pass_on_classification(asset_id: UUID) -> None:
    """Done within the delivery, which counts as made only when this is done."""
    inherit_classification(str(asset_id))


subscribe(VersionRegistered, pass_on_classification)
