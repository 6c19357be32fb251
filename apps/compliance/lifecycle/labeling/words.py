"""The closed lists of labeling policies: what is labeled, by whom, what settles doubts, how far it is."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import Choice


class LabelTask(Choice):
    CLASSIFICATION = "classification", _("One class for each item")
    MULTI_LABEL = "multi_label", _("Any number of classes for each item")
    ORDINAL = "ordinal", _("A grade on a scale")
    REGRESSION = "regression", _("A number")
    SPAN = "span", _("Parts of a text")
    BOX = "bbox", _("Boxes in a picture")
    SEGMENTATION = "segmentation", _("Areas of a picture")
    PAIRWISE = "pairwise", _("Which of two is better")
    FREE_TEXT = "free_text", _("Words of one's own")


class Workforce(Choice):
    INTERNAL = "internal", _("Our own people"), "Art. 29 GDPR"
    VENDOR = "vendor", _("A company that works for us"), "Art. 28 GDPR"
    CROWD = "crowd", _("A crowd, through a platform"), "Art. 28 GDPR"


class Adjudication(Choice):
    MAJORITY = "majority", _("The majority")
    EXPERT = "expert", _("An expert, who did not label the item")
    NONE = "none", _("Nobody: all answers are kept")


class AgreementMeasure(Choice):
    ALPHA_NOMINAL = "alpha_nominal", _("Krippendorff's alpha of classes")
    ALPHA_ORDINAL = "alpha_ordinal", _("Krippendorff's alpha of grades")
    ALPHA_INTERVAL = "alpha_interval", _("Krippendorff's alpha of numbers")
    F1 = "f1_at_half_overlap", _("F1 of regions that overlap by half")
    DICE = "mean_dice", _("Mean Dice of areas")


class PilotBasis(Choice):
    MEASURED = "measured", _("Measured here, by the rules of the policy")
    TOLD = "told", _("Not measured here: the figures were given by hand")


class PolicyStage(Choice):
    DRAFT = "draft", _("Being written")
    PILOTED = "piloted", _("Tried out")
    APPROVED = "approved", _("Approved, nobody labels yet")
    ACTIVE = "active", _("People label by it")
    PAUSED = "paused", _("Paused")
    CLOSED = "closed", _("Closed")
