from apps.labeling.models.label_set import Label, LabelSet

__all__ = ["Label", "LabelSet"]
