"""Words for notices and webhooks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

NOTICE_KINDS = {
    "decisions": Word(text=_("Waits for you"), tone="info", icon="inbox"),
    "requests": Word(text=_("Your request"), icon="request"),
    "access": Word(text=_("Your access"), icon="key"),
    "records": Word(text=_("Records"), icon="activity"),
    "alarms": Word(text=_("Alarm"), tone="danger", icon="alert"),
}

WEBHOOK_STATES = {
    "True": Word(text=_("Is told"), tone="success", icon="check"),
    "False": Word(text=_("Disabled"), tone="warning", icon="pause"),
}

DELIVERY_STATES = {
    "delivered": Word(text=_("Taken"), tone="success", icon="check"),
    "tried": Word(text=_("Not taken; will be tried again"), tone="warning", icon="alert"),
    "waiting": Word(text=_("On its way"), tone="info", icon="clock"),
}

FAULTS = {
    "HOST_UNKNOWN": _("nobody knows the host"),
    "NO_ANSWER": _("the host did not answer as a web server does"),
    "ANSWER_TOO_LATE": _("the answer took too long"),
    "ANSWER_TOO_LONG": _("the answer was too long"),
    "ADDRESS_INSIDE": _("the host is not reached over the public internet"),
    "URL_PORT": _("messages do not go to this port"),
    "SEAL_BROKEN": _("the sealed address cannot be opened; give it anew"),
    "answered": _("the receiver did not take it"),
}
