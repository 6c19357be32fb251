"""What can be wrong with webhooks and preferences."""

from apps.policy.reason import declare

ALARM_STAYS = declare(
    "ALARM_STAYS",
    "Alarms cannot be switched off or put off: each asks somebody to act.",
    "Choose how you hear of the other kinds.",
)
LANGUAGE_UNKNOWN = declare(
    "LANGUAGE_UNKNOWN",
    "The portal does not speak «%(language)s».",
    "Choose one of: %(known)s.",
)
WEBHOOK_NAME_TAKEN = declare(
    "WEBHOOK_NAME_TAKEN",
    "There is already a webhook called «%(name)s» in this organization.",
    "Choose another name.",
)
WEBHOOK_EVENT_UNKNOWN = declare(
    "WEBHOOK_EVENT_UNKNOWN",
    "«%(event)s» is not among the events that can be told.",
    "Choose among: %(known)s.",
)
WEBHOOK_WITHOUT_TOKEN = declare(
    "WEBHOOK_WITHOUT_TOKEN",
    "A Slack bot needs its token and the room it writes in.",
    "Give the bot's token, which begins with xoxb-, and the id of the channel.",
)
WEBHOOK_TOKEN_ANEW = declare(
    "WEBHOOK_TOKEN_ANEW",
    "The token of a bot goes to no other place than the one it was given for: %(origin)s.",
    "Give the bot's token together with the new address.",
)
WEBHOOK_DISABLED = declare(
    "WEBHOOK_DISABLED", "The webhook is disabled.", "Enable it first; what waits is then sent."
)
WEBHOOK_STANDS = declare("WEBHOOK_STANDS", "The webhook is already %(state)s.", "Nothing needs to be done.")
