"""What follows from changes of the catalog, of classes and of records."""

from __future__ import annotations

from uuid import UUID

from apps.accounts.events import PersonDeparted
from apps.catalog.events import InputsAdded, VersionRegistered
from apps.classification.events import ColumnsClassified
from apps.compliance.commands import TAKING_EFFECT
from apps.compliance.events import (
    ActivityApproved,
    OccurrenceExtended,
    OccurrenceTookEffect,
    RecordApproved,
    RecordRetired,
    RecordStepTaken,
)
from apps.compliance.queries.occurrences import versions_reached
from apps.compliance.tasks import (
    extend_occurrences,
    follow_record,
    free_duties_of,
    inherit_permissions,
    outdate_assessments,
    reassess_named,
    review_systems,
    tell_class_raised,
)
from apps.kernel.contributions import contribute
from apps.kernel.events import subscribe


def pass_on_permissions(asset_id: UUID) -> None:
    """A new version begins with the permitted purposes and the origin of the version before.

    Done within the delivery, which counts as made only when this is done.
    """
    inherit_permissions(str(asset_id))


def derive_clearances(legal_record_id: UUID) -> None:
    """An impact assessment went on: whether the activities it names may run is derived anew."""
    reassess_named(str(legal_record_id))


def assess_anew(activity_id: UUID) -> None:
    """A version of an activity was signed off: if it is materially another, its assessment is outdated."""
    outdate_assessments(str(activity_id))


def let_effects_follow(legal_record_id: UUID) -> None:
    """A request of a data subject, an assessment or an agreement went on: what follows binds at once."""
    follow_record(str(legal_record_id))


def reach_what_is_new(asset_id: UUID) -> None:
    """Further versions hold what those hold that they were made from, or that came before."""
    extend_occurrences(str(asset_id))


def see_whether_raised(version_id: UUID) -> None:
    """A class was said anew; where it is higher, what was made from the version is looked at again."""
    tell_class_raised(str(version_id))


def have_systems_reviewed(occurrence_id: UUID) -> None:
    """A model has to be assessed: what rests on it waits for that."""
    review_systems(str(occurrence_id))


def free_duties(person_id: UUID) -> None:
    """Somebody has left: what they had to do goes back to those who answered for it before."""
    free_duties_of(str(person_id))


subscribe(PersonDeparted, free_duties)
subscribe(ActivityApproved, assess_anew)
subscribe(VersionRegistered, pass_on_permissions)
for added in (VersionRegistered, InputsAdded):
    subscribe(added, reach_what_is_new)
subscribe(ColumnsClassified, see_whether_raised)
for moved in (RecordStepTaken, RecordApproved, RecordRetired):
    subscribe(moved, let_effects_follow)
for event in (RecordStepTaken, RecordApproved, RecordRetired):
    subscribe(event, derive_clearances)

for reached in (OccurrenceTookEffect, OccurrenceExtended):
    subscribe(reached, have_systems_reviewed)

contribute(TAKING_EFFECT, versions_reached)
