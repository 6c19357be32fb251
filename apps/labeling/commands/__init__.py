from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.items import keep_items
from apps.labeling.commands.releasing import keep_release_in_step, release_model, withdraw_release
from apps.labeling.commands.reports import LabelReport, export_label_report
from apps.labeling.commands.roster import (
    AnnotatorDraft,
    change_annotator,
    end_annotator,
    enter_annotator,
)

__all__ = [
    "AnnotatorDraft",
    "LabelReport",
    "bring_labels",
    "change_annotator",
    "end_annotator",
    "enter_annotator",
    "export_label_report",
    "keep_items",
    "keep_release_in_step",
    "release_model",
    "withdraw_release",
]
