"""Words for reviews of access."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

CAMPAIGN_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "open": Word(text=_("Open"), tone="info", icon="clock"),
    "closed": Word(text=_("Closed"), icon="archive"),
    "discarded": Word(text=_("Given up"), icon="cross"),
}

REVIEW_STATES = {
    "open": Word(text=_("Not answered yet"), tone="info", icon="clock"),
    "kept": Word(text=_("Kept"), tone="success", icon="check"),
    "removed": Word(text=_("Removed"), tone="danger", icon="cross"),
    "unanswered": Word(text=_("Nobody answered"), tone="warning", icon="alert"),
    "ended": Word(text=_("Ended by itself"), icon="ending"),
}

ANSWERS_TO_REVIEWS = {
    "keep": Word(text=_("Keep"), tone="success", icon="check"),
    "remove": Word(text=_("Remove"), tone="danger", icon="cross"),
}

SILENCES = {
    "suspend": _("suspend access"),
    "keep": _("leave access as it is"),
    "revoke": _("take access away"),
}

REVIEWERS = {
    "data_owner": _("data owner"),
    "steward": _("data steward"),
    "compliance_officer": _("compliance officer"),
    "nobody": _("nobody may answer"),
}
