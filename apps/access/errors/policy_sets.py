"""What can be wrong with policy sets, replays and rulebooks."""

from apps.policy.reason import declare

RULEBOOK_TAKEN = declare(
    "RULEBOOK_TAKEN",
    "«%(name)s» has been published in version %(version)s, or with the same content, before.",
    "Give the changed rulebook a version of its own.",
)
POLICY_NOT_EDITABLE = declare(
    "POLICY_NOT_EDITABLE",
    "A policy set that is %(state)s cannot be edited.",
    "Start a new draft from its text.",
)
POLICY_NOT_YOURS = declare(
    "POLICY_NOT_YOURS",
    "The draft is somebody else's, who answers for what is in it.",
    "Start a draft of your own from its text.",
)
POLICY_OWN_APPROVAL = declare(
    "POLICY_OWN_APPROVAL",
    "You wrote this policy set, so another person has to publish it.",
    "Ask another compliance officer or administrator.",
)
POLICY_NOT_REPLAYED = declare(
    "POLICY_NOT_REPLAYED",
    "There is no finished replay of exactly this draft against the rules now in force.",
    "Replay the draft over past requests, and read the report.",
)
POLICY_TEXT_CHANGED = declare(
    "POLICY_TEXT_CHANGED",
    "The policy set is not the one you read any more.",
    "Read it again, with its replay, and publish that.",
)
POLICY_STARTS_IN_THE_PAST = declare(
    "POLICY_STARTS_IN_THE_PAST",
    "The rules cannot have been in force since %(effective_from)s.",
    "Choose a moment to come, or leave it out: the rules then begin at once.",
)
POLICY_POOL_TOO_SMALL = declare(
    "POLICY_POOL_TOO_SMALL",
    "Rule %(rule)s: the stage %(stage)s needs %(needed)s times the role %(role)s; %(held)s people hold it.",
    "Give the role to more people first, name roles to fall back to, or ask for another role.",
)
POLICY_NOTHING_NEW = declare(
    "POLICY_NOTHING_NEW",
    "These are the rules in force already.",
    "Change a rule first.",
)
REPLAY_MONTHS = declare(
    "REPLAY_MONTHS",
    "A replay over %(months)s months is not possible.",
    "Choose 1 to %(most)s months.",
)
RULEBOOK_MISSING = declare(
    "RULEBOOK_MISSING",
    "No rulebook is in force, so nothing can be decided.",
    "Ask an administrator to publish one.",
)
