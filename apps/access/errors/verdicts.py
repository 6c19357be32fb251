"""What can be wrong with a verdict, or with whose turn it is."""

from apps.policy.reason import declare

NOT_IN_REVIEW = declare(
    "REQUEST_NOT_IN_REVIEW",
    "The request is %(state)s; there is nothing to decide any more.",
    "Look at its history to see what happened.",
)
REVISION_CHANGED = declare(
    "REVISION_CHANGED",
    "The request has changed since you read it.",
    "Read the present revision and decide on that.",
)
FACTS_CHANGED = declare(
    "FACTS_CHANGED",
    "The facts behind the request have changed since it was evaluated; it has been evaluated anew.",
    "Read the new evaluation and decide on that.",
)
REQUEST_BLOCKED = declare(
    "REQUEST_BLOCKED",
    "The request waits for a missing record and cannot be approved.",
    "Complete the records named; the request is then evaluated anew.",
)
SLOT_FILLED = declare(
    "SLOT_FILLED",
    "Somebody else has just given the verdict this stage was waiting for.",
    "Look at the request again.",
)
SLOT_ASSIGNED = declare(
    "SLOT_ASSIGNED",
    "This verdict was handed to somebody by name.",
    "Leave it to them, or hand it over to somebody else where they cannot answer.",
)
NOT_A_DELEGATE = declare(
    "NOT_A_DELEGATE",
    "No delegation in force lets you answer for this person here.",
    "Decide in your own name, or have the person delegate the role to you.",
)
RECUSAL_REASON_MISSING = declare(
    "RECUSAL_REASON_MISSING",
    "Stepping back needs a reason.",
    "Say why, so that others know what the request lacks.",
)
NOT_STAGE_LEAD = declare(
    "NOT_STAGE_LEAD",
    "Only who holds a role of this stage, a compliance officer or an administrator hands over its verdicts.",
    "Ask one of them.",
)
TARGET_NOT_ELIGIBLE = declare(
    "TARGET_NOT_ELIGIBLE",
    "There is nobody with this id who may give this verdict now.",
    "Choose one of the people offered; each of them may.",
)
REASON_MISSING = declare(
    "VERDICT_REASON_MISSING", "This verdict needs a reason.", "Say why, so that the requester can act on it."
)
STAGE_IS_OPINION = declare(
    "STAGE_IS_OPINION",
    "This stage waits for an opinion, which does not decide.",
    "The data protection officer gives the opinion; the next stage then decides.",
)
STAGE_IS_NOT_OPINION = declare(
    "STAGE_IS_NOT_OPINION",
    "This stage waits for a verdict, not for an opinion.",
    "Leave it to the approvers.",
)
NOT_ALIKE = declare(
    "NOT_ALIKE",
    "These requests are not alike: only those of low risk, under the same rules and for the same purpose, "
    "are approved together.",
    "Choose requests that bear the same mark in the inbox; decide the others one by one.",
)
NOT_WAITING_FOR_YOU = declare(
    "NOT_WAITING_FOR_YOU",
    "The request does not wait for you, or not any more.",
    "Nothing to do; look at the inbox for what waits.",
)
TOGETHER_MANY = declare(
    "TOGETHER_MANY",
    "One to %(most)s requests are approved together.",
    "Choose some, and not more than that.",
)
TOGETHER_TWICE = declare(
    "TOGETHER_TWICE", "A request is named twice.", "Name each request once, as it was read."
)
REJECTION_CODE_UNKNOWN = declare(
    "REJECTION_CODE_UNKNOWN",
    "A rejection names one of the known reasons, besides saying it in words.",
    "Choose one of: %(known)s.",
)
