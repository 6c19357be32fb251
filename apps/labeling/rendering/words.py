"""What is said of labels on screens and in print."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.labeling.checks.coefficients import Coefficient
from apps.labeling.checks.leakage import NO_SPLITS, NOBODY_KNOWN, ONE_SPLIT
from apps.labeling.checks.quality import L08_OF_ITSELF
from apps.labeling.checks.subgroups import NOT_PLANNED
from apps.labeling.checks.terms import Outcome, Verdict
from apps.labeling.imports.annotation import Format
from apps.policy.reason import Reason, text_of

VERDICTS = {
    Verdict.RELEASE: _("Good enough for release"),
    Verdict.RESEARCH_ONLY: _("For research only"),
    Verdict.BLOCKED: _("Blocked"),
}
SENTENCES = {
    Verdict.RELEASE: _("Models may learn from these labels and be released: every check is met."),
    Verdict.RESEARCH_ONLY: _(
        "Models may learn from these labels for research, and may not be released: a check is met in part."
    ),
    Verdict.BLOCKED: _("No model may learn from these labels yet: a check is not met, or says nothing."),
}
RELEASED_IN_PART = _(
    "Models may learn from these labels and be released: every check that could be measured is met, and"
    " %(count)s could not be."
)
UNMEASURED = frozenset({L08_OF_ITSELF, NOT_PLANNED, NO_SPLITS, ONE_SPLIT, NOBODY_KNOWN})
"""Codes of findings that say what was not measured and hinder nothing."""
OUTCOMES = {
    Outcome.FAILED: _("Not met"),
    Outcome.UNMEASURED: _("Not measured"),
    Outcome.RESEARCH_ONLY: _("Enough for research"),
    Outcome.NOTED: _("To be looked at"),
    Outcome.PASSED: pgettext_lazy("a check", "Met"),
}
"""From the worst to the best."""
CHECKS = {
    "L01": _("Labels cite the schema and the guideline"),
    "L02": _("Who labeled was qualified, cleared and contracted"),
    "L03": _("Several people answered the same items"),
    "L04": _("They agree"),
    "L05": _("The coefficient fits the data"),
    "L06": _("No class hides the others"),
    "L07": _("Answers are right on gold items"),
    "L08": _("All items are labeled"),
    "L09": _("Groups are labeled alike"),
    "L10": _("Annotators are steady"),
    "L11": _("Items were redacted before anybody labeled them"),
    "L12": _("Training and test data are apart"),
    "L13": _("What was erased is gone from the labels"),
    "L14": _("People verified what a machine labeled"),
    "L15": _("Nobody saw more hard content than agreed"),
}
COEFFICIENTS = {
    Coefficient.ALPHA: _("Krippendorff's alpha"),
    Coefficient.COHEN: _("Cohen's kappa"),
    Coefficient.FLEISS: _("Fleiss' kappa"),
    Coefficient.ICC: _("ICC(2,1)"),
    Coefficient.F1: _("F1 of regions that overlap by half"),
    Coefficient.DICE: _("Mean Dice of areas"),
}
FORMATS = {
    Format.LABEL_STUDIO.value: "Label Studio",
    Format.COCO.value: "COCO",
    Format.CVAT.value: "CVAT",
    Format.CSV.value: "CSV",
}
"""Proper names, in no language."""


def sentence(reason: Reason) -> str:
    """In the language of the reader, without markup."""
    return gettext(text_of(reason.code).sentence) % _facts(reason)


def remedy(reason: Reason) -> str:
    return gettext(text_of(reason.code).remedy) % _facts(reason)


def _told(value: object) -> object:
    """Of several, one after the other."""
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else value


def _facts(reason: Reason) -> dict[str, object]:
    """Codes of coefficients as they are called."""
    coefficients: dict[str, object] = {each.value: text for each, text in COEFFICIENTS.items()}
    return {
        name: coefficients.get(str(value), value) if name == "coefficient" else _told(value)
        for name, value in reason.facts.items()
    }
