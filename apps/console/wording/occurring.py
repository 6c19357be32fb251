"""What happened to data, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

OCCURRENCE_STATES = {
    "draft": Word(text=_("Draft"), icon="edit"),
    "in_effect": Word(text=_("In effect"), tone="warning", icon="alert"),
    "lifted": Word(text=_("Lifted"), tone="success", icon="check"),
    "discarded": Word(text=_("Given up"), icon="cross"),
}
CLOSINGS = {
    "flagged": Word(text=_("Closed: rows must not be read"), tone="warning", icon="lock"),
    "frozen": Word(text=_("Closed: rows were taken back"), tone="warning", icon="lock"),
    "quarantined": Word(text=_("Quarantined"), tone="danger", icon="lock"),
    "expired": Word(text=_("Closed: must not be kept"), tone="danger", icon="lock"),
    "": Word(text=_("Stays open"), tone="success", icon="check"),
}
DUTY_OWNERS = {
    "steward": _("the steward of the asset"),
    "owner": _("the owner of the asset"),
    "officer": _("a compliance officer"),
}
DUTY_STATES = {
    "done": Word(text=_("Done"), tone="success", icon="check"),
    "late": Word(text=_("Overdue"), tone="danger", icon="alert"),
    "open": Word(text=_("Open"), tone="info", icon="clock"),
}
JOB_STATES = {
    "due": DUTY_STATES["open"],
    "held": Word(text=_("Held for a case"), tone="warning", icon="lock"),
    "executing": Word(text=_("Being deleted"), tone="info", icon="clock"),
    "failed": Word(text=_("Deletion failed"), tone="danger", icon="alert"),
    "verified": DUTY_STATES["done"],
}
HAPPENED = {
    "consent_withdrawn": _("People took back their consent. Do not use their rows any longer."),
    "erasure_granted": _("People had their data erased. Delete your copies of these data."),
    "rectification": _("Data were wrong and are put right. Use the corrected version from now on."),
    "agreement_ended": _("The agreement on the data is over. Delete your copies of them."),
    "unlawful_collection": _("The data must never have been collected. Delete your copies."),
}
FACETS = {
    "categories": _("Data categories"),
    "purposes": _("Purposes"),
    "data_subjects": _("Data subjects"),
    "processing": _("Processing"),
    "legal_bases": _("Legal bases"),
    "transfers": _("Transfers"),
    "rights": _("Rights"),
    "measures": _("Measures"),
    "ai_act": _("AI Act"),
    "ai_operations": _("Data for models"),
}
