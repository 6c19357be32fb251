"""What people may do and what it takes, in words for those who were refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

OPERATIONS = {
    "manage_organization": _("change the organization"),
    "manage_domain": _("change domains and their audiences"),
    "manage_person": _("register and change people"),
    "manage_team": _("make teams and change who is in them"),
    "manage_service_account": _("make service accounts"),
    "assign_role": _("give and end roles"),
    "give_permission": _("give and take object permissions"),
    "create_token": _("make API tokens"),
    "revoke_token": _("revoke this API token"),
    "read_trail": _("read the trail"),
    "manage_lake": _("connect and change lakes"),
    "verify_lake": _("test lake connections"),
    "register_asset": _("register assets in this domain"),
    "register_location": _("say where its data lie"),
    "edit_asset": _("change what is said about it"),
    "publish_asset": _("publish or retire it"),
    "manage_classes": _("change sensitivity classes"),
    "classify": _("classify its columns"),
    "confirm_lowering": _("decide on a lower class"),
    "edit_record": _("write records"),
    "approve_record": _("approve, suspend and retire records"),
    "permit_purpose": _("say which purposes are permitted"),
    "request_access": _("act on this request"),
    "decide_request": _("decide on this request"),
    "give_opinion": _("give an opinion on this request"),
    "revoke_grant": _("revoke this access"),
    "give_back_grant": _("give this access back"),
    "take_credential": _("take keys for this access"),
    "revoke_lease": _("cut this key"),
    "keep_in_step": _("keep the records in step, which only the portal itself does"),
}
"""After a colon, as in «This is not yours to do: read the trail.»"""
BESIDES_ROLES = {
    "may_view": _("permission to see it"),
    "may_edit": _("permission to edit it"),
    "may_classify": _("permission to classify it"),
    "may_own": _("owning it"),
    "may_steward": _("being its steward"),
    "may_approve": _("permission to approve requests for it"),
    "in_person": _("being the person it belongs to"),
}
