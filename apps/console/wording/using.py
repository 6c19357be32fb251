"""Words of what keys were used for."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

ANSWERED = {
    "allowed": Word(text=_("Carried out"), tone="success", icon="check"),
    "denied": Word(text=_("Refused"), tone="warning", icon="cross"),
    "missing": Word(text=_("Not there"), icon="info"),
    "failed": Word(text=_("Failed"), icon="alert"),
}
REFUSED_ELSEWHERE = Word(text=_("Refused: another place"), tone="danger", icon="alert")
DOINGS = {
    "read": _("Read"),
    "list": _("Listed"),
    "write": _("Written"),
    "delete": _("Deleted"),
    "other": _("Something else"),
}
LOGS = {
    "rgw": _("Log of a Ceph gateway"),
    "cloudtrail": _("CloudTrail"),
    "demo": _("Log of the demo lake"),
}
