from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.erasing import erase_items
from apps.labeling.commands.forgetting import forget_names, names_over
from apps.labeling.commands.importing import (
    begin_import,
    bring_labels_file,
    bring_without_faults,
    forget_file,
    keep_import,
    refuse_import,
)
from apps.labeling.commands.items import keep_items
from apps.labeling.commands.pausing import lift_pause, pause_unsteady
from apps.labeling.commands.piloting import PilotFile, measure_pilot
from apps.labeling.commands.redaction import note_redaction
from apps.labeling.commands.releasing import keep_release_in_step, release_model, withdraw_release
from apps.labeling.commands.reports import LabelReport, export_label_report
from apps.labeling.commands.reviewing import review_label_set
from apps.labeling.commands.roster import (
    AnnotatorDraft,
    change_annotator,
    end_annotator,
    enter_annotator,
)

__all__ = [
    "AnnotatorDraft",
    "LabelReport",
    "PilotFile",
    "begin_import",
    "bring_labels",
    "bring_labels_file",
    "bring_without_faults",
    "change_annotator",
    "end_annotator",
    "enter_annotator",
    "erase_items",
    "export_label_report",
    "forget_file",
    "forget_names",
    "keep_import",
    "keep_items",
    "keep_release_in_step",
    "lift_pause",
    "measure_pilot",
    "names_over",
    "note_redaction",
    "pause_unsteady",
    "refuse_import",
    "release_model",
    "review_label_set",
    "withdraw_release",
]
