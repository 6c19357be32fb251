"""What follows from changes of the catalog and of impact assessments."""

from __future__ import annotations

from uuid import UUID

from apps.catalog.events import VersionRegistered
from apps.compliance.events import RecordApproved, RecordRetired, RecordStepTaken
from apps.compliance.tasks import inherit_permissions, reassess_named
from apps.kernel.events import subscribe


def pass_on_permissions(asset_id: UUID) -> None:
    """A new version begins with the permitted purposes and the origin of the version before.

    Done within the delivery, which counts as made only when this is done.
    """
    inherit_permissions(str(asset_id))


def derive_clearances(legal_record_id: UUID) -> None:
    """An impact assessment went on: whether the activities it names may run is derived anew."""
    reassess_named(str(legal_record_id))


subscribe(VersionRegistered, pass_on_permissions)
for event in (RecordStepTaken, RecordApproved, RecordRetired):
    subscribe(event, derive_clearances)
