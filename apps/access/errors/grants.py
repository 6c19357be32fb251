"""Why a grant does not give its right, or cannot do what was wanted of it."""

from apps.policy.reason import declare

GRANT_WOULD_BE_EMPTY = declare(
    "GRANT_WOULD_BE_EMPTY",
    "The grant would end before it begins: %(limiting_factor)s ends it at %(not_after)s.",
    "Send a new request with a later end, or have the limiting record extended.",
)
LEDGER_TELLS_NAMES = declare(
    "LEDGER_TELLS_NAMES",
    "Names stay in the ledger of grants for %(years)s years after the last access of somebody who left.",
    "Nothing to do: they go by themselves then.",
)
GRANT_AWAITS_TICKET = declare(
    "GRANT_AWAITS_TICKET",
    "Access begins when the ticket system has said once more that the ticket is open.",
    "Nothing to do: it is asked by itself. If this lasts, tell an administrator.",
)
GRANT_NOT_STARTED = declare("GRANT_NOT_STARTED", "The grant begins at %(not_before)s.", "Come back then.")
GRANT_OVER = declare("GRANT_OVER", "The grant ended at %(not_after)s.", "Send a new request.")
GRANT_NEEDS_REVIEW = declare(
    "GRANT_NEEDS_REVIEW",
    "The rules now ask for stages that this grant has not gone through: %(stages)s.",
    "Send a new request, so that they can decide.",
)
GRANT_NEEDS_CONDITIONS = declare(
    "GRANT_NEEDS_CONDITIONS",
    "The rules now set conditions that this grant is not bound to: %(conditions)s.",
    "Send a new request, so that the conditions are set.",
)
GRANT_TOO_LONG_NOW = declare(
    "GRANT_TOO_LONG_NOW",
    "By the rules as they are now this would end on %(ends_at)s, before the grant does: %(limiting_factor)s.",
    "Send a new request that ends by then.",
)
GRANT_SUSPENDED = declare(
    "GRANT_SUSPENDED",
    "The grant is suspended.",
    "Whoever suspended it said why; ask them, or another steward or owner of the asset, what has to be done.",
)
GRANT_NOT_SUSPENDED = declare(
    "GRANT_NOT_SUSPENDED", "The grant is %(state)s, not suspended.", "Nothing needs to be done."
)
RESUMES_OWN_SUSPENSION = declare(
    "RESUMES_OWN_SUSPENSION",
    "You suspended this grant for cause, and another person has to let it go on.",
    "Ask another owner or steward of the asset, or a compliance officer.",
)
RESUMES_OWN_GRANT = declare(
    "RESUMES_OWN_GRANT",
    "The grant is yours, or you are tied to somebody who has it or asked for it.",
    "Ask another owner or steward of the asset, or a compliance officer.",
)
GRANT_ENDED = declare("GRANT_ENDED", "The grant is %(state)s.", "Send a new request.")
SUBJECT_INACTIVE = declare(
    "SUBJECT_INACTIVE",
    "Who received the grant is not active any more.",
    "Ask an administrator of your organization.",
)
ASSET_NOT_IN_USE = declare(
    "ASSET_NOT_IN_USE", "The asset is retired.", "Look for its successor in the catalog."
)
NOTHING_CARRIED_ON = declare(
    "NOTHING_CARRIED_ON",
    "The grant that this one was to carry on has been ended.",
    "Send a new request.",
)
GRANT_NOT_EXTENDABLE = declare(
    "GRANT_NOT_EXTENDABLE",
    "A grant is extended while it is active or %(days)s days after its end at most; this one is %(state)s.",
    "Ask for the asset anew.",
)
EXTENSION_OPEN = declare(
    "EXTENSION_OPEN",
    "An extension of this grant is open already: %(ref)s.",
    "Follow that request, or withdraw it.",
)
EXTENSION_OF_ANOTHER = declare(
    "EXTENSION_OF_ANOTHER",
    "An extension asks for the same asset, purpose and subject as the grant it extends.",
    "Ask for anything else in a new request.",
)
HANDED_OVER_SINCE = declare(
    "HANDED_OVER_SINCE",
    "The grant was decided for another person than the one who answers for the service account now.",
    "Whoever answers for it now sends a new request for it.",
)
DECIDED_ITSELF = declare(
    "DECIDED_ITSELF",
    "You took part in the decision on this grant, and nobody uses what they decided themselves.",
    "Ask another member of the project, or have the project send a new request that somebody else decides.",
)
NOT_A_MEMBER = declare(
    "NOT_A_MEMBER",
    "You are not a member of the project that received the grant now.",
    "Ask the lead of the project to make you a member.",
)
