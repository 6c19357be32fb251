"""What can be wrong with a campaign, and with an answer in one."""

from apps.policy.reason import declare

NAME_MISSING = declare(
    "CAMPAIGN_NAME_MISSING", "The campaign has no name.", "Name it, so that reviewers know what it is about."
)
DUE_IN_THE_PAST = declare(
    "CAMPAIGN_DUE_IN_THE_PAST", "The last day, %(due_on)s, is over already.", "Choose a day to come."
)
CLASS_UNKNOWN = declare(
    "CAMPAIGN_CLASS_UNKNOWN", "There is no sensitivity class «%(named)s».", "Choose among: %(known)s."
)
OWNER_UNKNOWN = declare(
    "CAMPAIGN_OWNER_UNKNOWN",
    "There is no person with this id among those you may see.",
    "Choose somebody who owns data in your organization.",
)
DOMAIN_UNKNOWN = declare(
    "CAMPAIGN_DOMAIN_UNKNOWN",
    "There is no domain with this id among those you may see.",
    "Choose a domain of your organization.",
)
CAMPAIGN_NOT_DRAFT = declare(
    "CAMPAIGN_NOT_DRAFT",
    "The campaign is %(state)s; its list is frozen.",
    "Begin another campaign for what this one does not ask.",
)
CAMPAIGN_EMPTY = declare(
    "CAMPAIGN_EMPTY",
    "No live grant fits: nobody would be asked anything.",
    "Take away a class, an owner or a domain, or choose a later day for the age of the grants.",
)
REVIEW_OVERDUE = declare(
    "REVIEW_OVERDUE",
    "The review was due at %(due_at)s; what follows from silence is being carried out.",
    "Ask the compliance officer for another campaign, or revoke the grant itself.",
)
GRANT_ENDED_MEANWHILE = declare(
    "REVIEW_GRANT_ENDED",
    "The grant ended in the meantime: it is %(state)s.",
    "There is nothing left to answer.",
)
REMOVAL_REASON_MISSING = declare(
    "REMOVAL_REASON_MISSING",
    "Taking access away needs a reason.",
    "Say why; who loses the access will read it.",
)
KEEPING_REASON_MISSING = declare(
    "KEEPING_REASON_MISSING",
    "This access has not been used for %(days)s days, so keeping it needs a reason.",
    "Say what it is still needed for, or remove it.",
)
LIST_CHANGED = declare(
    "REVIEW_LIST_CHANGED",
    "What you confirmed is not what stands there now: something in the list has changed since.",
    "Look at the list as it is now, and answer again.",
)
ANSWERED_TWICE = declare(
    "REVIEW_ANSWERED_TWICE", "The list answers about the same grant twice.", "Answer about each grant once."
)
LIST_EMPTY = declare("REVIEW_LIST_EMPTY", "No answer was given.", "Choose keep or remove for at least one.")
LIST_TOO_LONG = declare(
    "REVIEW_LIST_TOO_LONG", "The list has more than %(limit)s answers.", "Send it in smaller parts."
)
