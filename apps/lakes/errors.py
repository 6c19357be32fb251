"""What can be wrong with a connection."""

from apps.policy.reason import declare

LAKE_NAME_TAKEN = declare(
    "LAKE_NAME_TAKEN",
    "There is already a lake called «%(name)s» in this organization.",
    "Choose another name.",
)
LAKE_WITHOUT_ROOTS = declare(
    "LAKE_WITHOUT_ROOTS",
    "The connection names no place it may reach.",
    "Name at least one bucket, or a bucket and a prefix ending in «/».",
)
FLAVOR_UNKNOWN = declare("FLAVOR_UNKNOWN", "«%(flavor)s» is not a kind of lake.", "Choose among: %(known)s.")
