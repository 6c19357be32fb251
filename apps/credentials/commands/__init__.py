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
from apps.credentials.commands.halting import cut_keys_of_lake, cut_lake, request_revocations_of_lake
from apps.credentials.commands.issuing import (
    Credential,
    confirm_lease,
    fail_lease,
    reserve_lease,
    take_credential,
)
from apps.credentials.commands.logs import AccessLog, export_access_log
from apps.credentials.commands.noting import LogPlace, Noted, note_use
from apps.credentials.commands.reading import read_folder, read_lines, read_stream
from apps.credentials.commands.serving import serve_credential

__all__ = [
    "AccessLog",
    "Credential",
    "LogPlace",
    "Noted",
    "confirm_lease",
    "cut_grant",
    "cut_keys",
    "cut_keys_of_lake",
    "cut_lake",
    "expire_lease",
    "export_access_log",
    "extend_as_used",
    "fail_lease",
    "halt_grant",
    "note_use",
    "read_folder",
    "read_lines",
    "read_stream",
    "request_revocation",
    "request_revocations_of_grant",
    "request_revocations_of_lake",
    "reserve_lease",
    "revoke_lease",
    "serve_credential",
    "settle_revocation",
    "take_credential",
]
