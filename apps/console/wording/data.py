"""Words for assets, classes and lakes."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.console.wording.lakes import LAKES
from apps.console.wording.words import Word

CATEGORIES = {"UID": _("Unique identifier"), "Behavioural": _("Behavioral")}
"""Categories of the Data Privacy Vocabulary whose code does not speak for itself."""

ASSET_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "published": Word(text=_("Published"), tone="success", icon="check"),
    "retired": Word(text=_("Retired"), icon="ending"),
}

KINDS = {
    "dataset": Word(text=_("Dataset"), icon="dataset"),
    "model": Word(text=_("Model"), icon="model"),
    "label_set": Word(text=_("Label set"), icon="labels"),
}

CLASS_TONES = {0: "success", 1: "info", 2: "warning"}

CLASS_ICONS = {0: "open", 1: "people", 2: "shield"}

IDENTIFIABILITY = {
    "identified": _("identified people"),
    "pseudonymised": _("pseudonymized"),
    "anonymised": _("anonymized"),
    "not_personal": _("not about people"),
}

FLAVORS = {flavor: words.term.name for flavor, words in LAKES.items()}

LAKE_STATES = {
    "sound": Word(text=_("Test passed"), tone="success", icon="check"),
    "faulty": Word(text=_("Test failed"), tone="danger", icon="cross"),
    "changed": Word(text=_("Changed since the last test"), tone="warning", icon="alert"),
    "disabled": Word(text=_("Disabled"), tone="danger", icon="pause"),
    "untested": Word(text=_("Never tested"), tone="warning", icon="question"),
}

PROBE_RESULTS = {
    True: Word(text=_("As it should be"), tone="success", icon="check"),
    False: Word(text=_("Not as it should be"), tone="danger", icon="cross"),
}

INPUT_ROLES = {
    "source": _("made from"),
    "training": _("trained on"),
    "validation": _("validated with"),
    "base_model": _("fine-tuned from"),
}

ASSET_STEPS = {
    "version": (_("A version"), _("Register the first version, with its columns.")),
    "description": (_("A description"), _("Say in a few sentences what it holds and where it comes from.")),
    "location": (
        _("A place in a lake for the latest version"),
        _("Without a place in a lake nobody can take a key to it. A version never changes: add a new one."),
    ),
    "classified": (_("A class for every column"), _("Until then every request for it is blocked.")),
    "confirmed": (
        _("A person who vouches for every class"),
        _("What was taken over or found by a scan opens nothing until somebody confirms it."),
    ),
    "owner": (_("Somebody who answers for it"), _("Without a data owner nobody can decide about requests.")),
}

CLASSIFICATION_SOURCES = {
    "human": _("by a person"),
    "inherited": _("taken over from the version before"),
    "derived": _("taken over from what it was made from"),
    "scan": _("found by a scan"),
}

IDENTIFIABILITY_HELP = {
    "identified": _("Names, numbers or anything else by which a person is found at once."),
    "pseudonymised": _("The names are replaced, but somebody keeps the list: still personal data."),
    "anonymised": _("Nobody can be found any more, by anybody. Needs the assessment that found so."),
    "not_personal": _("The data were never about people, such as readings of rock. Needs a reason."),
}


LADDER_CHANGE_STATES: dict[str, Word] = {
    "proposed": Word(text=_("Waits for others"), tone="warning", icon="clock"),
    "in_force": Word(text=_("In force"), tone="success", icon="check"),
    "rejected": Word(text=_("Turned down"), tone="danger", icon="cross"),
    "withdrawn": Word(text=_("Withdrawn"), tone="neutral", icon="return"),
}


def class_word(sensitivity_class: Any) -> Word:
    if not sensitivity_class:  # nothing, in a template, may be an empty text
        return Word(text=_("Not classified"), tone="warning", icon="question")
    return ranked_word(sensitivity_class.label, sensitivity_class.rank)


def ranked_word(label: object, rank: int) -> Word:
    return Word(text=label, tone=CLASS_TONES.get(rank, "danger"), icon=CLASS_ICONS.get(rank, "lock"))
