from apps.labeling.models.annotator import Annotator
from apps.labeling.models.item import DatasetItem, ItemManifest
from apps.labeling.models.label_set import Label, LabelSet
from apps.labeling.models.release import ModelRelease

__all__ = ["Annotator", "DatasetItem", "ItemManifest", "Label", "LabelSet", "ModelRelease"]
