"""A version was registered: it begins with what was said about the version before.

Before data are classified otherwise, the lineage says what was made from them.
"""

from __future__ import annotations

from uuid import UUID

from apps.catalog.events import VersionRegistered
from apps.catalog.queries.lineage import made_from_asset
from apps.classification.commands import CLASSIFYING
from apps.classification.tasks import inherit_classification
from apps.kernel.contributions import contribute
from apps.kernel.events import subscribe


def pass_on_classification(asset_id: UUID) -> None:
    """Done within the delivery, which counts as made only when this is done."""
    inherit_classification(str(asset_id))


subscribe(VersionRegistered, pass_on_classification)
contribute(CLASSIFYING, made_from_asset)
