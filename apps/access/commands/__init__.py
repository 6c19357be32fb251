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
from apps.access.commands.policy_sets import (
    change_policy_set,
    draft_policy_set,
    finish_replay,
    publish_policy_set,
    return_policy_set,
    start_replay,
    submit_policy_set,
)
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
from apps.access.commands.seats import reassign_slot, recuse
from apps.access.commands.stages import keep_request_going
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
    "change_policy_set",
    "change_request",
    "comment_request",
    "create_request",
    "draft_policy_set",
    "expire_grant",
    "extend_grant",
    "finish_replay",
    "give_back_grant",
    "give_opinion",
    "keep_request_going",
    "publish_agreement",
    "publish_policy_set",
    "publish_rulebook",
    "reassign_slot",
    "recuse",
    "reevaluate_request",
    "reject_request",
    "remove_attachment",
    "retire_agreement",
    "return_policy_set",
    "return_request",
    "revoke_grant",
    "start_replay",
    "submit_policy_set",
    "submit_request",
    "withdraw_request",
]
