"""Reads about leases, and what a grant would open in a lake."""

from apps.credentials.lifecycle import LeaseState, Whereabouts
from apps.credentials.queries.fresh import snippets_of_key
from apps.credentials.queries.leases import Fit, fit_of, leases_of, leases_visible_to, scopes_of
from apps.credentials.queries.reached import (
    keys_for_purpose,
    keys_in_lake,
    keys_of_grant,
    keys_of_person,
    keys_to_asset,
    keys_under_occurrence,
    keys_under_policy,
)
from apps.credentials.queries.taking import Opening, grant_to_use, needs_own_role, opening_of, role_of_lease
from apps.credentials.queries.telling import KeyHeld, access_log, keys_shown, overdue_revocations
from apps.credentials.queries.touched import (
    NEVER_USED,
    Reader,
    Touched,
    Use,
    logs_of,
    reader_of,
    touches_of,
    use_of,
)
from apps.lakes.providers.contract import Access
from apps.lakes.providers.logs import Answered, Doing, LogKind

__all__ = [
    "NEVER_USED",
    "Access",
    "Answered",
    "Doing",
    "Fit",
    "KeyHeld",
    "LeaseState",
    "LogKind",
    "Opening",
    "Reader",
    "Touched",
    "Use",
    "Whereabouts",
    "access_log",
    "fit_of",
    "grant_to_use",
    "keys_for_purpose",
    "keys_in_lake",
    "keys_of_grant",
    "keys_of_person",
    "keys_shown",
    "keys_to_asset",
    "keys_under_occurrence",
    "keys_under_policy",
    "leases_of",
    "leases_visible_to",
    "logs_of",
    "needs_own_role",
    "opening_of",
    "overdue_revocations",
    "reader_of",
    "role_of_lease",
    "scopes_of",
    "snippets_of_key",
    "touches_of",
    "use_of",
]
