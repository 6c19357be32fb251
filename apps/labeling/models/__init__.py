from apps.labeling.models.label_set import Label, LabelSet
from apps.labeling.models.release import ModelRelease

__all__ = ["Label", "LabelSet", "ModelRelease"]
