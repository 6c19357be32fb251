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

TICKET_STANDINGS = {
    "unasked": Word(text=_("Not asked yet"), tone="info", icon="clock"),
    "unanswered": Word(text=_("Does not answer; will be asked again"), tone="warning", icon="alert"),
    "not_found": Word(text=_("Knows no such ticket"), tone="danger", icon="cross"),
    "closed": Word(text=_("The ticket is closed"), tone="danger", icon="cross"),
    "of_another": Word(text=_("The ticket is about somebody else"), tone="danger", icon="cross"),
    "open": Word(text=_("The ticket is open and theirs"), tone="success", icon="check"),
}

ASKED_SYSTEMS = {
    "True": Word(text=_("Is asked"), tone="success", icon="check"),
    "False": Word(text=_("Disabled"), tone="warning", icon="pause"),
}

FAULTS = {
    "HOST_UNKNOWN": _("nobody knows the host"),
    "NO_ANSWER": _("the host did not answer as a web server does"),
    "ANSWER_TOO_LATE": _("the answer took too long"),
    "ANSWER_TOO_LONG": _("the answer was too long"),
    "ADDRESS_INSIDE": _("the host is not reached over the public internet"),
    "URL_PORT": _("messages do not go to this port"),
    "SEAL_BROKEN": _("the sealed address cannot be opened; give it anew"),
    "TICKET_ANSWER_UNREADABLE": _("the answer is not what was agreed"),
    "answered": _("the receiver did not take it"),
}
