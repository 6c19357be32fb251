"""The areas of the trail, in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

AREAS = {
    "access": _("Access"),
    "credentials": _("Keys"),
    "preparing": _("Prepared views"),
    "reviews": _("Reviews of access"),
    "labeling": _("Labels"),
    "catalog": _("Catalog"),
    "classification": _("Classification"),
    "compliance": _("Records"),
    "accounts": _("People and permissions"),
    "lakes": _("Lakes"),
    "notifications": _("Messages"),
}
