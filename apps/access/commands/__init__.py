from apps.access.commands.agreements import (
    AgreementTarget,
    accept_agreement,
    publish_agreement,
    retire_agreement,
)
from apps.access.commands.attachments import attach_file, remove_attachment
from apps.access.commands.comments import answer_question, ask_requester, comment_request
from apps.access.commands.extensions import extend_grant
from apps.access.commands.grants import activate_grant, expire_grant, give_back_grant, revoke_grant
from apps.access.commands.requests import (
    ItemDraft,
    RequestDraft,
    amend_request,
    ask_for_access,
    change_request,
    create_request,
    reevaluate_request,
    submit_request,
    withdraw_request,
)
from apps.access.commands.rulebooks import publish_rulebook
from apps.access.commands.verdicts import approve_request, give_opinion, reject_request, return_request

__all__ = [
    "AgreementTarget",
    "ItemDraft",
    "RequestDraft",
    "accept_agreement",
    "activate_grant",
    "amend_request",
    "answer_question",
    "approve_request",
    "ask_for_access",
    "ask_requester",
    "attach_file",
    "change_request",
    "comment_request",
    "create_request",
    "expire_grant",
    "extend_grant",
    "give_back_grant",
    "give_opinion",
    "publish_agreement",
    "publish_rulebook",
    "reevaluate_request",
    "reject_request",
    "remove_attachment",
    "retire_agreement",
    "return_request",
    "revoke_grant",
    "submit_request",
    "withdraw_request",
]
