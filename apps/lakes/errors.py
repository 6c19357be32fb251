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
LAKE_DISABLED = declare(
    "LAKE_DISABLED",
    "The lake «%(lake)s» is disabled: %(reason)s",
    "Wait until an administrator of your organization enables it again, or ask them when that will be.",
)
LAKE_DISABLED_ALREADY = declare(
    "LAKE_DISABLED_ALREADY", "The lake «%(lake)s» is already disabled.", "Nothing needs to be done."
)
LAKE_NOT_DISABLED = declare(
    "LAKE_NOT_DISABLED", "The lake «%(lake)s» is not disabled.", "Nothing needs to be done."
)
LAKE_REASON_MISSING = declare(
    "LAKE_REASON_MISSING",
    "A lake is disabled, and its keys are ended, with a reason.",
    "Say why: whoever is refused a key reads it.",
)
LAKE_HAS_KEYS = declare(
    "LAKE_HAS_KEYS",
    "The address of a lake and the name of its secrets stay while keys live there: %(keys)s of «%(lake)s»"
    " have not ended.",
    "Revoke them or wait for their end, and change it then; or connect the other lake as a new one.",
)
LAKE_MOVED = declare(
    "LAKE_MOVED",
    "The lake «%(lake)s» leads elsewhere since %(moved_at)s, and the access was approved before that.",
    "Ask for the access to be extended, or for new access: who approves it sees where the data lie now.",
)
ROLE_NOT_KEPT = declare(
    "LAKE_ROLE_NOT_KEPT",
    "A lake of the kind «%(flavor)s» keeps no role that the portal could set up.",
    "Set it up as the page of the lake says, and test the connection then.",
)
COLUMNS_NOT_ENFORCEABLE = declare(
    "COLUMNS_NOT_ENFORCEABLE",
    "The grant covers single columns, and an object store opens whole files only.",
    "Ask the data steward to prepare a view that holds just these columns, and request that.",
)
FLAVOR_UNKNOWN = declare("FLAVOR_UNKNOWN", "«%(flavor)s» is not a kind of lake.", "Choose among: %(known)s.")
