from apps.labeling.commands.bringing import bring_labels
from apps.labeling.commands.items import keep_items
from apps.labeling.commands.releasing import keep_release_in_step, release_model, withdraw_release

__all__ = ["bring_labels", "keep_items", "keep_release_in_step", "release_model", "withdraw_release"]
