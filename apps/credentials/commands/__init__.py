from apps.credentials.commands.ending import (
    cut_grant,
    cut_keys,
    expire_lease,
    halt_grant,
    request_revocation,
    request_revocations_of_grant,
    revoke_lease,
    settle_revocation,
)
from apps.credentials.commands.extending import extend_as_used
from apps.credentials.commands.issuing import (
    Credential,
    confirm_lease,
    fail_lease,
    reserve_lease,
    take_credential,
)
from apps.credentials.commands.logs import AccessLog, export_access_log
from apps.credentials.commands.serving import serve_credential

__all__ = [
    "AccessLog",
    "Credential",
    "confirm_lease",
    "cut_grant",
    "cut_keys",
    "expire_lease",
    "export_access_log",
    "extend_as_used",
    "fail_lease",
    "halt_grant",
    "request_revocation",
    "request_revocations_of_grant",
    "reserve_lease",
    "revoke_lease",
    "serve_credential",
    "settle_revocation",
    "take_credential",
]
