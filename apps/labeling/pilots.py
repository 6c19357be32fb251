"""What pilots show when a labeling policy is said to have been tried out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F

from apps.accounts.operations import Operation
from apps.compliance.lifecycle.labeling import CYCLE, cycle
from apps.compliance.models import LegalRecord
from apps.kernel.actor import Actor
from apps.kernel.contributions import Exhibit
from apps.kernel.models import HouseQuerySet
from apps.labeling.models import Pilot
from apps.labeling.roster.keeping import may_keep_roster
from apps.policy.reason import Reason


def newest_pilot(record: UUID) -> Exhibit:
    """The newest that was measured by the approved version of the policy, if one was."""
    measured = Pilot.objects.filter(policy__legal_record__uid=record, policy__record_status="approved")
    newest = measured.order_by("-pk").values("items", "lower", sha256=F("file_sha256"))[:1]
    rows: tuple[dict[str, Any], ...] = tuple({**row} for row in newest)
    return Exhibit(name="pilots", told="The newest pilot that was measured here.", rows=rows)


def pilots_visible_to(actor: Actor) -> HouseQuerySet[Pilot]:
    """The newest first, with all that is shown of them."""
    shown = ("policy__legal_record", "measured_by")
    return Pilot.objects.visible_to(actor).select_related(*shown).order_by("-pk")


def is_tried_out_now(stage: str) -> bool:
    return any(step.slug == "pilot" for step in CYCLE.possible(stage))


def may_measure_pilot(actor: Actor, policy: LegalRecord) -> bool:
    """Whether a pilot can be measured now, by the actor."""
    is_approved = policy.versions.filter(record_status="approved").exists()
    is_possible = is_approved and is_tried_out_now(policy.stage)
    return is_possible and may_keep_roster(actor, policy, Operation.MEASURE_PILOT)


def short_of(pilot: Pilot) -> tuple[Reason, ...]:
    """What keeps the version from being tried out with it."""
    figures = cycle.Pilot(items=pilot.items, lower=pilot.lower, sha256=pilot.file_sha256)
    return tuple(cycle.short_of(figures, pilot.policy.said))
