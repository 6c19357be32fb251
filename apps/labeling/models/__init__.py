from apps.labeling.models.item import DatasetItem, ItemManifest
from apps.labeling.models.label_import import ImportPiece, LabelImport
from apps.labeling.models.label_set import Label, LabelSet

__all__ = ["DatasetItem", "ImportPiece", "ItemManifest", "Label", "LabelImport", "LabelSet"]
