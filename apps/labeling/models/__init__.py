from apps.labeling.models.annotator import Annotator
from apps.labeling.models.erasure import Erased, ErasedFrom, ErasedVersion, ItemErasure, Tombstone
from apps.labeling.models.forgetting import NamesForgotten
from apps.labeling.models.item import DatasetItem, ItemManifest
from apps.labeling.models.label_import import ImportPiece, LabelImport
from apps.labeling.models.label_set import Label, LabelSet
from apps.labeling.models.pause import AnnotatorPause
from apps.labeling.models.pilot import Pilot
from apps.labeling.models.redaction import RedactionCheck
from apps.labeling.models.release import ModelRelease
from apps.labeling.models.review import LabelSetReview

__all__ = [
    "Annotator",
    "AnnotatorPause",
    "DatasetItem",
    "Erased",
    "ErasedFrom",
    "ErasedVersion",
    "ImportPiece",
    "ItemErasure",
    "ItemManifest",
    "Label",
    "LabelImport",
    "LabelSet",
    "LabelSetReview",
    "ModelRelease",
    "NamesForgotten",
    "Pilot",
    "RedactionCheck",
    "Tombstone",
]
