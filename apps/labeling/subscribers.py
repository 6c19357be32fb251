"""A file of labels wakes a worker; who labels unsteadily is paused; sets are measured anew where items were
erased or listed, redaction was checked, or another version of their policy came into force; AI systems are
released no further than the models they use; and policies are tried out by the pilot that was measured."""

from __future__ import annotations

from apps.compliance.events import RecordApproved
from apps.compliance.facts.releases import RELEASING_SYSTEM
from apps.compliance.lifecycle.labeling.cycle import TRYING_OUT
from apps.kernel.contributions import object_to, testify
from apps.kernel.events import subscribe
from apps.labeling.events import (
    ImportQueued,
    ItemsBrought,
    ItemsErased,
    LabelsBrought,
    LabelSetReviewed,
    RedactionChecked,
)
from apps.labeling.pilots import newest_pilot
from apps.labeling.releases import what_holds_a_system
from apps.labeling.tasks import (
    pause_after_labels,
    review_after_check,
    review_after_erasure,
    review_after_items,
    review_after_policy,
    wake,
)

subscribe(ImportQueued, wake)
subscribe(ItemsErased, review_after_erasure)
subscribe(ItemsBrought, review_after_items)
subscribe(RedactionChecked, review_after_check)
subscribe(RecordApproved, review_after_policy)
for labels_measured in (LabelsBrought, LabelSetReviewed):
    subscribe(labels_measured, pause_after_labels)

object_to(RELEASING_SYSTEM, what_holds_a_system)
testify(TRYING_OUT, newest_pilot)
