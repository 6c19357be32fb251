"""Words for releases of models."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

RELEASE_STATES = {
    "open": Word(text=_("Not released"), icon="draft"),
    "released": Word(text=_("Released"), tone="success", icon="check"),
    "fallen": Word(text=_("Released, but no longer holds"), tone="danger", icon="alert"),
    "withdrawn": Word(text=_("Withdrawn"), icon="return"),
}

RELEASE_DEMANDS = {
    "lineage": _("What it was trained on is named"),
    "purpose": _("What it is for is on record, and permitted for its data"),
    "standing": _("Nothing that happened to its data stands against it"),
    "expiry": _("Its data may still be kept and used"),
    "basis": _("The law allows to train on its data: activity, basis and impact assessment"),
    "license": _("The agreements and licenses of its data allow it"),
    "labels": _("The labels of its data are named"),
    "quality": _("Its labels are good enough for release"),
}
