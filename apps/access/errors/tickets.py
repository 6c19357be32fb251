"""What can be wrong with ticket systems and with asking them."""

from apps.policy.reason import declare

TICKET_SYSTEM_TAKEN = declare(
    "TICKET_SYSTEM_TAKEN",
    "There is already a ticket system called «%(name)s» in this organization.",
    "Choose another name, or change the one there is.",
)
TICKET_SYSTEM_STANDS = declare(
    "TICKET_SYSTEM_STANDS", "The ticket system is already %(state)s.", "Nothing needs to be done."
)
TICKET_NOT_ASKED = declare(
    "TICKET_NOT_ASKED",
    "No rule waits for the word of a ticket system about this request.",
    "Nothing needs to be done.",
)
TICKET_ASKED_LATELY = declare(
    "TICKET_ASKED_LATELY",
    "The ticket system was asked again a moment ago; until %(until)s it is left in peace.",
    "Wait for its answer. It is also asked again by itself.",
)
TICKET_ANSWER_UNREADABLE = declare(
    "TICKET_ANSWER_UNREADABLE",
    "The ticket system answered with something else than what was agreed.",
    "It should answer 200 with a JSON object: exists and open as true or false, and perhaps refers_to.",
)
