"""What can be wrong with an agreement, or with accepting one."""

from apps.policy.reason import declare

AGREEMENT_NOT_ACCEPTED = declare(
    "AGREEMENT_NOT_ACCEPTED",
    "«%(agreement)s» has to be accepted before these data are used. Who has not accepted it yet: %(people)s.",
    "Read its text where you ask for access, or at your grant, and accept it.",
)
AGREEMENT_TARGET = declare(
    "AGREEMENT_TARGET",
    "An agreement stands on one asset, one domain or one sensitivity class.",
    "Name exactly one of them.",
)
AGREEMENT_TARGET_UNKNOWN = declare(
    "AGREEMENT_TARGET_UNKNOWN",
    "There is nothing with this id or code among what you may see.",
    "Choose from the catalog, or from the classes.",
)
AGREEMENT_CODE = declare(
    "AGREEMENT_CODE",
    "«%(word)s» is not a code of small letters, digits and hyphens.",
    "Write it like research-data-2027.",
)
AGREEMENT_MOVED = declare(
    "AGREEMENT_MOVED",
    "«%(word)s» stands on something else in its present version.",
    "Retire that version first, or use another code.",
)
AGREEMENT_TEXT_MISSING = declare(
    "AGREEMENT_TEXT_MISSING", "An agreement needs a title and a text.", "Write both."
)
AGREEMENT_RETIRED = declare(
    "AGREEMENT_RETIRED",
    "This version of the agreement is not in force any more.",
    "Read the version that is in force.",
)
AGREEMENT_READ_OTHER = declare(
    "AGREEMENT_READ_OTHER",
    "The text you accept is not the one that is in force.",
    "Read the present text, and accept that.",
)
