"""How the rocks in core photographs are labeled: a policy that was tried out and approved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from apps.compliance.lifecycle.labeling import (
    Adjudication,
    LabelingPolicyContent,
    LabelRow,
    LabelTask,
    Workforce,
)

ROCKS = {
    "sandstone": "Grains of sand, cemented; they can be seen or felt.",
    "shale": "Clay or silt in thin layers that split.",
    "limestone": "Carbonate: it fizzes under acid in the core report.",
    "unsure": "The photograph does not tell, or shows several.",
}
STEPS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "officer",
        "pilot",
        {
            "items": 60,
            "reached": "0.82",
            "learned": "Silty sandstone was split: by grain size, as the guideline now says.",
        },
    ),
    ("officer2", "approve-labeling", {}),
    ("officer", "begin-labeling", {}),
)


def rock_labels(purpose: UUID, photographs: UUID) -> LabelingPolicyContent:
    return LabelingPolicyContent(
        name="Rock types in core photographs",
        purposes=(purpose,),
        datasets=(photographs,),
        task=LabelTask.CLASSIFICATION,
        is_high_risk=False,
        is_subjective=True,
        labels=tuple(
            LabelRow(id=id_, definition=what, is_sensitive=False, leaves_it_open=id_ == "unsure")
            for id_, what in ROCKS.items()
        ),
        guideline="Core laboratory, guideline for rock types (demo)",
        guideline_version="3",
        guideline_sha256="5f2b1c7e9a8d4b36" * 4,
        workforce=Workforce.INTERNAL,
        qualification="Geologists with a year of core description.",
        is_cleared=True,
        is_confidential=True,
        annotations_per_item=3,
        is_blind=True,
        adjudication=Adjudication.EXPERT,
        adjudicators="The head of the core laboratory",
        gold_items=60,
        is_gold_hidden=True,
        subgroups="Wells, and wet against dry cores.",
        has_hard_content=False,
        is_redacted=False,
        are_raw_kept=False,
    )
