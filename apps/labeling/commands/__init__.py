from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.erasing import erase_items
from apps.labeling.commands.items import keep_items
from apps.labeling.commands.redaction import note_redaction
from apps.labeling.commands.reviewing import review_label_set

__all__ = ["bring_labels", "erase_items", "keep_items", "note_redaction", "review_label_set"]
