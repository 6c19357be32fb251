"""What can be wrong with taking a key."""

from apps.policy.reason import declare

ACCESS_LOG_REVERSED = declare(
    "ACCESS_LOG_REVERSED",
    "The last day, %(until)s, lies before the first, %(since)s.",
    "Name the earlier day first.",
)
LOCATION_MISSING = declare(
    "LOCATION_MISSING",
    "Version %(version)s has no storage location, so there is nothing a key could open.",
    "Ask the data steward to register where it lies.",
)
COLUMNS_NOT_WRITABLE = declare(
    "COLUMNS_NOT_WRITABLE",
    "The grant covers single columns and allows writing, and a key writes whole rows only.",
    "Request these columns to read, or the whole version to write.",
)
COLUMNS_IN_A_VIEW = declare(
    "COLUMNS_IN_A_VIEW",
    "The grant covers single columns, and an object store opens whole files only.",
    "Request «%(view)s» instead: a prepared view that holds these columns and no others.",
)
NOTHING_A_KEY_DOES = declare(
    "NOTHING_A_KEY_DOES",
    "None of the granted actions (%(actions)s) is done with a key for a lake.",
    "Use the place where this action is performed; or ask for read or write.",
)
SEVERAL_LAKES = declare(
    "SEVERAL_LAKES",
    "The versions of this grant lie in several lakes, and a key opens one.",
    "Ask for the versions of one lake.",
)
ALREADY_ISSUED = declare(
    "CREDENTIAL_ALREADY_ISSUED",
    "This request was made before and made lease %(lease)s; a key is shown once.",
    "Use the key you were given, or ask again under another Idempotency-Key.",
)
REVOKED_MEANWHILE = declare(
    "REVOKED_MEANWHILE",
    "The grant ended while the key was being made; the key was discarded and is being revoked.",
    "Send a new request if you still need access.",
)
KEY_OUTLIVES_GRANT = declare(
    "KEY_OUTLIVES_GRANT",
    "The lake took so long that the key would outlive the grant; it was discarded and is being revoked.",
    "Try again.",
)
LAKE_DISABLED_MEANWHILE = declare(
    "LAKE_DISABLED_MEANWHILE",
    "The lake was disabled while the key was being made; the key was discarded and is being revoked.",
    "Ask an administrator of your organization when it will be enabled again.",
)
LEASE_NOT_CUTTABLE = declare(
    "LEASE_NOT_CUTTABLE", "The lease is %(state)s; there is nothing to revoke.", "Nothing needs to be done."
)
KEYS_NOT_SERVED = declare(
    "KEYS_NOT_SERVED",
    "The keys of the lake «%(lake)s» are none that AWS SDKs refresh by themselves.",
    "Take one on the page of the grant, or by POST to its credentials, and take the next before it ends.",
)
GRANT_OR_ASSET = declare(
    "GRANT_OR_ASSET",
    "It is not said which key is wanted.",
    "Name either a grant or an asset, by its id.",
)
NO_GRANT = declare(
    "NO_GRANT",
    "You hold no access by which a key to this could be taken, if it is there at all.",
    "Find it in the catalog and ask for access.",
)
