"""Label sets are measured anew where items were erased or listed, or redaction was checked."""

from __future__ import annotations

from apps.kernel.events import subscribe
from apps.labeling.events import ItemsBrought, ItemsErased, RedactionChecked
from apps.labeling.tasks import review_after_check, review_after_erasure, review_after_items

subscribe(ItemsErased, review_after_erasure)
subscribe(ItemsBrought, review_after_items)
subscribe(RedactionChecked, review_after_check)
