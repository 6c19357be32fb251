"""Words for requests, grants and what policy says to them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.console.wording.words import Word

REQUEST_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "in_review": Word(text=_("In review"), tone="info", icon="clock"),
    "returned": Word(text=_("Returned for changes"), tone="warning", icon="return"),
    "awaiting_conditions": Word(text=_("Waits for conditions"), tone="warning", icon="clock"),
    "approved": Word(text=_("Approved"), tone="success", icon="check"),
    "rejected": Word(text=_("Rejected"), tone="danger", icon="cross"),
    "withdrawn": Word(text=_("Withdrawn"), icon="return"),
    "lapsed": Word(text=_("Lapsed"), tone="warning", icon="clock"),
}

OUTCOMES_OF_ASSETS = {
    "undecided": Word(text=_("Not decided"), tone="info", icon="clock"),
    "awaits_conditions": Word(text=_("Waits for conditions"), tone="warning", icon="clock"),
    "granted": Word(text=_("Granted"), tone="success", icon="check"),
    "left_out": Word(text=_("Left out"), tone="warning", icon="cross"),
    "refused": Word(text=_("Not granted"), tone="danger", icon="cross"),
}

QUESTION_STATES = {
    "open": Word(text=_("Waits for an answer"), tone="warning", icon="question"),
    "answered": Word(text=_("Answered"), tone="success", icon="check"),
}

COMMENT_AUDIENCES = {
    "everyone": _("everybody who sees the request"),
    "deciders": _("those who decide, and not the requester"),
    "requester_side": _("the requester's side, and not those who decide"),
}

DRAFT_FIELDS = {
    "items": _("Assets"),
    "purpose": _("Purpose"),
    "subject": _("For whom"),
    "actions": _("Actions"),
    "labeling_part": _("Labels as"),
    "starts_at": _("Begins"),
    "ends_at": _("Ends"),
    "place_of_processing": _("Place"),
    "justification": _("What you will do"),
    "mode": _("Versions"),
    "attachments": _("Files"),
}

REJECTION_CODES = {
    "purpose": _("The purpose does not need it"),
    "too_much": _("More was asked for than is needed"),
    "basis": _("A legal basis or an agreement is missing"),
    "risk": _("The risk to people or to the organization is too high"),
    "elsewhere": _("Other data serve as well"),
    "other": _("Another reason"),
}

GRANT_STATES = {
    "scheduled": Word(text=_("Begins later"), tone="info", icon="clock"),
    "active": Word(text=_("Active"), tone="success", icon="check"),
    "suspended": Word(text=_("Suspended"), tone="warning", icon="alert"),
    "expired": Word(text=_("Ended"), icon="ending"),
    "revoked": Word(text=_("Revoked"), tone="danger", icon="cross"),
    "given_back": Word(text=_("Given back"), icon="return"),
    "superseded": Word(text=_("Replaced by another"), icon="ending"),
}

LEASE_STATES = {
    "intent": Word(text=_("Being issued"), tone="info", icon="clock"),
    "issued": Word(text=_("Works"), tone="success", icon="key"),
    "failed": Word(text=_("Not issued"), tone="warning", icon="alert"),
    "expired": Word(text=_("Ended"), icon="ending"),
    "revoke_requested": Word(text=_("Being revoked; may still work"), tone="warning", icon="alert"),
    "revoked": Word(text=_("Revoked; the lake confirmed it"), icon="cross"),
    "outlives": Word(text=_("May still work until its end"), tone="danger", icon="alert"),
}

CONDITION_STATES = {
    "open": Word(text=_("To be met"), tone="info", icon="clock"),
    "shown": Word(text=_("Evidence shown; to be confirmed"), tone="info", icon="clock"),
    "overdue": Word(text=_("Overdue"), tone="danger", icon="alert"),
    "met": Word(text=_("Confirmed"), tone="success", icon="check"),
    "lapsed": Word(text=_("Not confirmed in time"), tone="danger", icon="alert"),
}

GLASS_STATES = {
    "open": Word(text=_("To be reviewed"), tone="warning", icon="clock"),
    "overdue": Word(text=_("Review overdue"), tone="danger", icon="alert"),
    "justified": Word(text=_("Justified"), tone="success", icon="check"),
    "not_justified": Word(text=_("Not justified"), tone="danger", icon="cross"),
}

CONDITION_TURNS = {
    "shows": _("Who asked or receives shows it."),
    "confirms": _("An owner of the asset or a compliance officer confirms it."),
}

CONDITION_KINDS = {
    "before": _("before access begins"),
    "during": _("while access lasts"),
    "after": _("after access has ended"),
}

EFFECTS = {
    "permit": Word(text=_("Would be approved at once"), tone="success", icon="check"),
    "refer": Word(text=_("Needs approval"), tone="info", icon="people"),
    "block": Word(text=_("Would wait for a missing record"), tone="warning", icon="alert"),
    "deny": Word(text=_("Not possible as it stands"), tone="danger", icon="cross"),
}

CHANGES = {
    "now_denied": Word(text=_("Now refused"), tone="danger", icon="cross"),
    "now_blocked": Word(text=_("Now waits for a record"), tone="warning", icon="alert"),
    "no_longer_at_once": Word(text=_("No longer at once"), tone="warning", icon="people"),
    "more_stages": Word(text=_("More or other people decide"), tone="warning", icon="people"),
    "other_terms": Word(text=_("Other terms"), tone="info", icon="info"),
    "fewer_stages": Word(text=_("Fewer people decide"), tone="info", icon="people"),
    "now_at_once": Word(text=_("Now granted at once"), tone="info", icon="check"),
    "no_longer_blocked": Word(text=_("No longer waits for a record"), tone="info", icon="check"),
    "no_longer_denied": Word(text=_("No longer refused"), tone="info", icon="check"),
}

POLICY_SET_STATES = {
    "draft": Word(text=_("Draft"), icon="draft"),
    "in_review": Word(text=_("Waits for a second person"), tone="info", icon="clock"),
    "published": Word(text=_("Published"), tone="success", icon="check"),
}

EDITS = {
    "shorten": _("Ask for %(what)s days"),
    "other_action": _("Ask for another action: %(what)s"),
    "drop_action": _("Leave out the action %(what)s"),
    "drop_columns": _("Leave out the columns %(what)s"),
    "drop_asset": _("Leave out %(what)s"),
    "other_place": _("Process the data in %(what)s"),
    "other_purpose": _("Ask for the purpose %(what)s"),
}

ANSWERS = {
    "permit": Word(text=_("Permits"), tone="success", icon="check"),
    "refer": Word(text=_("Refers to people"), tone="info", icon="people"),
    "block": Word(text=_("Blocked: a record is missing"), tone="warning", icon="alert"),
    "deny": Word(text=_("Denies"), tone="danger", icon="cross"),
}

VERDICTS = {
    "approve": Word(text=_("Approved"), tone="success", icon="check"),
    "reject": Word(text=_("Rejected"), tone="danger", icon="cross"),
    "return": Word(text=_("Returned for changes"), tone="warning", icon="return"),
    "opinion": Word(text=_("Opinion given"), tone="info", icon="opinion"),
    "given": Word(text=_("Answered; you read it once your own answer is on record"), icon="lock"),
}

STAGES = {
    "justification": _("Why so many columns"),
    "owner": _("Data owner"),
    "privacy": _("Privacy"),
    "dpo_opinion": _("Opinion of the data protection officer"),
    "model_risk": _("Model risk"),
    "security": _("Security"),
    "legal": _("Legal"),
    "export": _("Export"),
}

ACTIONS = {
    "read": _("read"),
    "export": _("export"),
    "label": _("label"),
    "train": _("train a model"),
    "write": _("write"),
    "share": _("share"),
    "deploy": _("deploy"),
    "invoke": _("invoke"),
}

LABELING_PARTS = {
    "annotator": _("annotator"),
    "adjudicator": _("adjudicator"),
    "reviewer": _("reviewer"),
}

LIMITS = {
    "requested_end": _("as asked for"),
    "purpose_end": _("the purpose ends then"),
    "class_longest_grant": _("the longest a grant on this class may last"),
    "contract_end": _("the contract ends then"),
    "retention_end": _("the data are kept until then"),
    "agreement_end": _("the agreement on the data ends then"),
    "narrowed": _("those who approved ended it earlier"),
    "house_rule": _("a rule of your organization ends it then"),
    "adequacy_end": _("the decision on the country ends then"),
    "consent_end": _("the consent ends then"),
    "data_agreement_end": _("the agreement with the other party ends then"),
    "dpia_review": _("the impact assessment is reviewed then"),
    "legal_hold_review": _("the legal hold is reviewed then"),
    "processor_contract_end": _("the contract with the processor ends then"),
    "tia_review": _("the assessment of the transfer is reviewed then"),
    "transfer_end": _("the ground for the transfer ends then"),
}

LIMITED_BY = {
    "requested_end": _("what was asked for"),
    "purpose_end": _("the end of the purpose"),
    "class_longest_grant": _("the longest grant on the class"),
    "contract_end": _("the end of the contract"),
    "retention_end": _("how long the data are kept"),
    "agreement_end": _("the agreement on the data"),
    "narrowed": _("those who approved"),
    "house_rule": _("the rule of your organization"),
    "adequacy_end": _("the decision on the country"),
    "consent_end": _("the consent"),
    "data_agreement_end": _("the agreement with the other party"),
    "dpia_review": _("the review of the impact assessment"),
    "legal_hold_review": _("the review of the legal hold"),
    "processor_contract_end": _("the contract with the processor"),
    "tia_review": _("the review of the transfer"),
    "transfer_end": _("the ground for the transfer"),
}
"""After «because of»."""

TURNAROUND = (
    _("Within an hour"),
    _("Within a day"),
    _("Within three days"),
    _("Within a week"),
    _("Later"),
)

RISKS = {
    "special_category": Word(text=_("Special category"), tone="danger", icon="risk"),
    "criminal": Word(text=_("Criminal data"), tone="danger", icon="risk"),
    "highest_class": Word(text=_("Highest class"), tone="danger", icon="lock"),
    "outside_eea": Word(text=_("Outside the EEA"), tone="warning", icon="location"),
    "leaves_the_house": Word(text=_("Leaves the house"), tone="warning", icon="send"),
    "not_confirmed": Word(text=_("Class not confirmed"), tone="warning", icon="question"),
    "external": Word(text=_("Not an employee"), tone="warning", icon="person"),
    "personal": Word(text=_("Personal data"), tone="info", icon="people"),
    "first_access": Word(text=_("First access"), tone="info", icon="open"),
}
