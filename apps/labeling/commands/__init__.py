from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.items import keep_items

__all__ = ["bring_labels", "keep_items"]
