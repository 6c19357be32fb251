from apps.labeling.models.annotator import Annotator
from apps.labeling.models.label_set import Label, LabelSet

__all__ = ["Annotator", "Label", "LabelSet"]
