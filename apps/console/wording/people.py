"""Words for people, roles and permissions."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

ROLES = {
    "scientist": _("scientist"),
    "steward": _("data steward"),
    "owner": _("data owner"),
    "data_owner": _("data owner"),
    "compliance_officer": _("compliance officer"),
    "dpo": _("data protection officer"),
    "auditor": _("auditor"),
    "administrator": _("administrator"),
    "on_call": _("on-call engineer"),
    "model_risk": _("model risk reviewer"),
    "ciso": _("security officer"),
    "legal": _("legal counsel"),
}

CONFLICT_KINDS = {
    "person": _("a person"),
    "team": _("a team"),
    "project": _("a project"),
    "organization": _("an organization"),
    "domain": _("a domain"),
    "asset": _("an asset"),
}

RELATIONS = {
    "employee": _("employee"),
    "contractor": _("contractor"),
    "vendor": _("vendor"),
    "service_account": _("service account"),
    "project": _("project"),
    "none": _("none"),
}

PERSON_STATES = {
    "active": Word(text=_("Active"), tone="success", icon="check"),
    "suspended": Word(text=_("Suspended"), tone="warning", icon="pause"),
    "departed": Word(text=_("Departed"), icon="leave"),
}

ASSIGNMENT_STATES = {
    "now": Word(text=_("Held now"), tone="success", icon="check"),
    "later": Word(text=_("Begins later"), tone="info", icon="clock"),
    "ended": Word(text=_("Ended"), icon="ending"),
}

TIE_STATES = {
    "now": Word(text=_("In force"), tone="success", icon="check"),
    "later": Word(text=_("Begins later"), tone="info", icon="clock"),
    "ended": Word(text=_("Ended"), icon="ending"),
}

ACCOUNT_STATES = {
    "True": Word(text=_("Can sign in"), tone="success", icon="check"),
    "False": Word(text=_("Closed"), icon="lock"),
}

TOKEN_STATES = {
    "works": Word(text=_("Works"), tone="success", icon="key"),
    "expired": Word(text=_("Ended"), icon="ending"),
    "revoked": Word(text=_("Revoked"), icon="cross"),
}

PERMISSIONS = {
    "view": _("see"),
    "edit": _("edit"),
    "classify": _("classify"),
    "own": _("own"),
    "steward": _("steward"),
    "approve": _("approve"),
}

PERMISSION_MEANINGS = {
    "view": _("See: find it in the catalog and read what is said about it"),
    "edit": _("Edit: change its description and its storage locations"),
    "classify": _("Classify: set the class and categories of its columns"),
    "own": _("Own: be accountable for it, decide on requests, give permissions"),
    "steward": _("Steward: edit, classify and publish it"),
    "approve": _("Approve: be asked to decide on requests for it"),
}

SCOPES = {
    "read": _("read"),
    "write": _("write"),
    "decide": _("decide"),
    "credentials": _("take keys"),
    "administer": _("administer"),
}

SCOPE_MEANINGS = {
    "read": _("Read: look at what you may see"),
    "write": _("Write: register, describe, classify, ask for access"),
    "decide": _("Decide: give verdicts, revoke access"),
    "credentials": _("Take keys to data"),
    "administer": _("Administer: people, teams, lakes, rules"),
}

AUDIENCES = {
    "organization": _("everybody of the organization"),
    "teams": _("the teams named"),
}
