from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.importing import (
    begin_import,
    bring_labels_file,
    bring_without_faults,
    forget_file,
    keep_import,
    refuse_import,
)
from apps.labeling.commands.items import keep_items
from apps.labeling.commands.releasing import keep_release_in_step, release_model, withdraw_release
from apps.labeling.commands.roster import (
    AnnotatorDraft,
    change_annotator,
    end_annotator,
    enter_annotator,
)

__all__ = [
    "AnnotatorDraft",
    "begin_import",
    "bring_labels",
    "bring_labels_file",
    "bring_without_faults",
    "change_annotator",
    "end_annotator",
    "enter_annotator",
    "forget_file",
    "keep_import",
    "keep_items",
    "keep_release_in_step",
    "refuse_import",
    "release_model",
    "withdraw_release",
]
