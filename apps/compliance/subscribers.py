"""A version was registered: it begins with the permitted purposes and the origin of the version before."""

from __future__ import annotations

from uuid import UUID

from apps.catalog.events import VersionRegistered
from apps.compliance.tasks import inherit_permissions
from apps.kernel.events import subscribe


def pass_on_permissions(asset_id: UUID) -> None:
    """Done within the delivery, which counts as made only when this is done."""
    inherit_permissions(str(asset_id))


subscribe(VersionRegistered, pass_on_permissions)
