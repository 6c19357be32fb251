"""Words for records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

OBLIGATIONS = {
    "mask": _("mask columns"),
    "drop": _("leave columns out"),
    "generalise": _("coarsen values"),
    "row_filter": _("only some rows"),
    "no_download": _("no download, except where export is granted"),
    "region_pin": _("stay in the region"),
    "watermark": _("mark what is made from it"),
    "log_rows": _("log which rows are read"),
    "k_threshold": _("no result about few people"),
    "delete_attest": _("confirm deletion at the end"),
    "no_reidentify": _("do not try to find out who it is about"),
    "no_join": _("do not join with other data"),
    "ethics_doc": _("keep the ethics vote at hand"),
    "publish_review": _("have publications reviewed"),
}

PURPOSE_STATES = {
    "draft": _("draft"),
    "in_review": _("in review"),
    "rejected": _("rejected"),
    "active": _("active"),
    "suspended": _("suspended"),
    "withdrawn": _("withdrawn"),
    "expired": _("ended"),
}

RECORD_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "in_review": Word(text=_("In review"), tone="info", icon="clock"),
    "rejected": Word(text=_("Rejected"), tone="danger", icon="cross"),
    "approved": Word(text=_("In force"), tone="success", icon="check"),
    "active": Word(text=_("In force"), tone="success", icon="check"),
    "suspended": Word(text=_("Suspended"), tone="warning", icon="pause"),
    "withdrawn": Word(text=_("Withdrawn for good"), tone="danger", icon="cross"),
    "superseded": Word(text=_("Replaced"), icon="history"),
    "retired": Word(text=_("Retired"), icon="archive"),
    "expired": Word(text=_("Retired"), icon="archive"),
}

CLEARANCES = {
    "cleared": Word(text=_("May run"), tone="success", icon="check"),
    "blocked": Word(text=_("Blocked"), tone="danger", icon="cross"),
    "not_assessed": Word(text=_("Not yet assessed"), icon="question"),
}
