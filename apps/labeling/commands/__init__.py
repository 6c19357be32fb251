from apps.labeling.commands.bringing import bring_labels

__all__ = ["bring_labels"]
