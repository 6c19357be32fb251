"""What can be wrong with emergency access."""

from apps.policy.reason import declare

GLASS_OWN = declare(
    "GLASS_OWN",
    "You used this emergency access, or are tied to who did, and another person reviews it.",
    "Leave it to another compliance officer.",
)
GLASS_REVIEWED = declare(
    "GLASS_REVIEWED", "This emergency access has been reviewed before.", "Nothing needs to be done."
)
GLASS_INCIDENT_FIRST = declare(
    "GLASS_INCIDENT_FIRST",
    "No incident is named yet, so the review stays open.",
    "Ask who used the emergency access to name it.",
)
GLASS_INCIDENT_KNOWN = declare(
    "GLASS_INCIDENT_KNOWN", "The incident has been named before.", "Nothing needs to be done."
)
