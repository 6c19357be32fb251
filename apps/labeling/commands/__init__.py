from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.items import keep_items
from apps.labeling.commands.reports import LabelReport, export_label_report

__all__ = ["LabelReport", "bring_labels", "export_label_report", "keep_items"]
