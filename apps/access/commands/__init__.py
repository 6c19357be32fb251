from apps.access.commands.grants import activate_grant, expire_grant, give_back_grant, revoke_grant
from apps.access.commands.requests import (
    ItemDraft,
    RequestDraft,
    ask_for_access,
    change_request,
    create_request,
    reevaluate_request,
    submit_request,
    withdraw_request,
)
from apps.access.commands.rulebooks import publish_rulebook
from apps.access.commands.suspensions import resume_grant, supersede_grant, suspend_grant
from apps.access.commands.verdicts import approve_request, give_opinion, reject_request, return_request

__all__ = [
    "ItemDraft",
    "RequestDraft",
    "activate_grant",
    "approve_request",
    "ask_for_access",
    "change_request",
    "create_request",
    "expire_grant",
    "give_back_grant",
    "give_opinion",
    "publish_rulebook",
    "reevaluate_request",
    "reject_request",
    "resume_grant",
    "return_request",
    "revoke_grant",
    "submit_request",
    "supersede_grant",
    "suspend_grant",
    "withdraw_request",
]
