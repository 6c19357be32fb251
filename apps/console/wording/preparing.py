"""Words for prepared views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

VIEW_STATES = {
    "proposed": Word(text=_("Waits for a second person"), tone="warning", icon="people"),
    "queued": Word(text=_("About to be prepared"), tone="info", icon="clock"),
    "running": Word(text=_("Being prepared"), tone="info", icon="clock"),
    "ready": Word(text=_("Ready"), tone="success", icon="check"),
    "failed": Word(text=_("Not possible so far"), tone="danger", icon="cross"),
    "rejected": Word(text=_("Turned down"), tone="danger", icon="cross"),
    "withdrawn": Word(text=_("Withdrawn"), icon="return"),
}

ANNOTATOR_ROLES = {
    "annotator": _("Annotator"),
    "adjudicator": _("Settles what differs"),
    "reviewer": _("Reviews labels"),
}
VIEW_STEPS = {
    "drop": _("Dropped"),
    "keep": _("Kept as it is"),
    "mask": _("Masked: a pseudonym for each value"),
    "bins": _("Numbers in bins of this width"),
    "month": _("Days and moments: the month"),
    "year": _("Days and moments: the year"),
    "beginning": _("Texts: so many first letters"),
    "most": _("Words: so many of the most frequent"),
}
"""In the order in which they are offered."""

VIEW_EXAMPLES = {
    "drop": ("K-4711", "–"),
    "keep": ("K-4711", "K-4711"),
    "mask": ("K-4711", "8c1f0b…"),
    "bins": ("47.5", "40"),
    "month": ("2026-05-17", "2026-05"),
    "year": ("2026-05-17", "2026"),
    "beginning": ("10115", "101"),
    "most": (_("hang-gliding"), _("(other)")),
}
"""Made up: what a value could be before and after. Of the data nothing is shown."""
