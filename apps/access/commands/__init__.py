from apps.access.commands.agreements import (
    AgreementTarget,
    accept_agreement,
    publish_agreement,
    retire_agreement,
)
from apps.access.commands.attachments import attach_file, remove_attachment
from apps.access.commands.comments import answer_question, ask_requester, comment_request
from apps.access.commands.conditions import (
    check_condition,
    lapse_condition,
    remind_condition,
    satisfy_condition,
    show_evidence,
)
from apps.access.commands.evidence import export_evidence
from apps.access.commands.extensions import extend_grant
from apps.access.commands.glass import (
    GlassDraft,
    break_glass,
    name_incident,
    review_break_glass,
    sanction_break_glass,
)
from apps.access.commands.grants import (
    REVOKING,
    activate_grant,
    expire_grant,
    give_back_grant,
    impact_of_revoking,
    revoke_grant,
)
from apps.access.commands.ledger import pseudonymize_grants
from apps.access.commands.policy_sets import (
    PUBLISHING,
    change_policy_set,
    draft_policy_set,
    finish_replay,
    impact_of_publishing,
    publish_policy_set,
    return_policy_set,
    start_replay,
    submit_policy_set,
)
from apps.access.commands.recalls import attest_recall, recall_grant
from apps.access.commands.reopening import reopen_request
from apps.access.commands.requests import (
    ItemDraft,
    RequestDraft,
    amend_request,
    ask_for_access,
    ask_separately,
    change_request,
    create_request,
    reevaluate_request,
    submit_request,
    withdraw_request,
)
from apps.access.commands.rulebooks import publish_rulebook
from apps.access.commands.seats import reassign_slot, recuse
from apps.access.commands.stages import keep_request_going
from apps.access.commands.suspensions import resume_grant, suspend_grant
from apps.access.commands.ticket_checks import (
    ask_ticket_again,
    note_ticket_answer,
)
from apps.access.commands.ticket_systems import (
    change_ticket_system,
    connect_ticket_system,
    disable_ticket_system,
    enable_ticket_system,
    renew_ticket_secret,
)
from apps.access.commands.together import (
    MOST_TOGETHER,
    Chosen,
    Outcome,
    approve_together,
)
from apps.access.commands.trail import export_trail
from apps.access.commands.verdicts import approve_request, give_opinion, reject_request, return_request
from apps.access.narrowing import ConditionDraft, NarrowingDraft, Terms

__all__ = [
    "MOST_TOGETHER",
    "PUBLISHING",
    "REVOKING",
    "AgreementTarget",
    "Chosen",
    "ConditionDraft",
    "GlassDraft",
    "ItemDraft",
    "NarrowingDraft",
    "Outcome",
    "RequestDraft",
    "Terms",
    "accept_agreement",
    "activate_grant",
    "amend_request",
    "answer_question",
    "approve_request",
    "approve_together",
    "ask_for_access",
    "ask_requester",
    "ask_separately",
    "ask_ticket_again",
    "attach_file",
    "attest_recall",
    "break_glass",
    "change_policy_set",
    "change_request",
    "change_ticket_system",
    "check_condition",
    "comment_request",
    "connect_ticket_system",
    "create_request",
    "disable_ticket_system",
    "draft_policy_set",
    "enable_ticket_system",
    "expire_grant",
    "export_evidence",
    "export_trail",
    "extend_grant",
    "finish_replay",
    "give_back_grant",
    "give_opinion",
    "impact_of_publishing",
    "impact_of_revoking",
    "keep_request_going",
    "lapse_condition",
    "name_incident",
    "note_ticket_answer",
    "pseudonymize_grants",
    "publish_agreement",
    "publish_policy_set",
    "publish_rulebook",
    "reassign_slot",
    "recall_grant",
    "recuse",
    "reevaluate_request",
    "reject_request",
    "remind_condition",
    "remove_attachment",
    "renew_ticket_secret",
    "reopen_request",
    "resume_grant",
    "retire_agreement",
    "return_policy_set",
    "return_request",
    "review_break_glass",
    "revoke_grant",
    "sanction_break_glass",
    "satisfy_condition",
    "show_evidence",
    "start_replay",
    "submit_policy_set",
    "submit_request",
    "suspend_grant",
    "withdraw_request",
]
