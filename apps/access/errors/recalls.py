"""What can be wrong with attesting that copies are deleted."""

from apps.policy.reason import declare

NOTHING_TO_ATTEST = declare(
    "NOTHING_TO_ATTEST",
    "You were only told; nothing has to be said about copies.",
    "Use the corrected data from now on.",
)
RECALL_ATTESTED = declare("RECALL_ATTESTED", "It was said already that copies are deleted.", "Nothing to do.")
ATTESTATION_EMPTY = declare(
    "ATTESTATION_EMPTY",
    "Nothing is said about the copies.",
    "Say which copies you deleted, and where they were; or that you made none.",
)
