"""What can be wrong with conditions, evidence and narrowing."""

from apps.policy.reason import declare

NARROWED_TO_NOTHING = declare(
    "NARROWED_TO_NOTHING",
    "What approvers took away leaves no asset, or no action.",
    "Take away less, or reject the request.",
)
NARROWING_UNKNOWN = declare(
    "NARROWING_UNKNOWN",
    "«%(name)s» is not among what was asked for.",
    "Take away only what the request names.",
)
ONLY_A_YES_NARROWS = declare(
    "ONLY_A_YES_NARROWS",
    "Only an approval takes something away or sets conditions.",
    "Approve with it, or say in the reason what should change.",
)
CONDITION_EMPTY = declare(
    "CONDITION_EMPTY",
    "The condition does not say what has to be done.",
    "Write one sentence that can be checked.",
)
CONDITION_LAPSED = declare(
    "CONDITION_LAPSED",
    "A condition of the grant was not confirmed in time.",
    "Show the evidence; the owner of the asset or a compliance officer confirms it.",
)
CONDITION_SETTLED = declare("CONDITION_SETTLED", "The condition is %(status)s.", "Nothing needs to be done.")
CONDITION_NOT_YET = declare(
    "CONDITION_NOT_YET", "The condition is due after the grant has ended.", "Come back then."
)
CONDITION_OVER = declare(
    "CONDITION_OVER",
    "The grant or the request that the condition belongs to has ended or was evaluated anew.",
    "Nothing needs to be done.",
)
CONDITION_AUTOMATIC = declare(
    "CONDITION_AUTOMATIC",
    "The portal itself finds whether this condition is met.",
    "Nothing needs to be done here.",
)
EVIDENCE_MISSING = declare(
    "EVIDENCE_MISSING", "Nothing shows that the condition is met.", "Say what shows it, or where it is filed."
)
OWN_EVIDENCE = declare(
    "OWN_EVIDENCE",
    "You asked for this access or receive it, or are tied to who does; somebody else confirms the condition.",
    "Show the evidence; the owner of the asset or a compliance officer confirms it.",
)
