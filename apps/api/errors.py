"""What can be wrong with a request as such, before any command is asked."""

from __future__ import annotations

from apps.policy.reason import Reason, Value, declare


class Refused(Exception):
    """A request that cannot be served as it stands: the status and the reasons."""

    def __init__(self, status: int, *reasons: Reason, headers: dict[str, str] | None = None) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.status = status
        self.reasons = reasons
        self.headers = headers or {}


def refused(status: int, code: str, *, field: str = "", **facts: Value) -> Refused:
    return Refused(status, Reason(code=code, field=field, facts=facts))


NOT_AUTHENTICATED = declare(
    "NOT_AUTHENTICATED",
    "Nobody is signed in.",
    "Send «Authorization: Bearer …» with a token, or sign in.",
)
TOKEN_NOT_ACCEPTED = declare(
    "TOKEN_NOT_ACCEPTED",
    "This token is unknown, has ended, or belongs to an account that is not active.",
    "Make a new token.",
)
CSRF_FAILED = declare(
    "CSRF_FAILED",
    "The request does not prove that it comes from a page of this portal.",
    "Send the CSRF token of the session in the header X-CSRFToken, or use a bearer token.",
)
FORBIDDEN = declare("FORBIDDEN", "This is not permitted.", "Ask an administrator of your organization.")
URL_UNKNOWN = declare("URL_UNKNOWN", "There is nothing at this address.", "See /api/docs/ for what there is.")
METHOD_NOT_ALLOWED = declare(
    "METHOD_NOT_ALLOWED", "%(method)s is not possible here.", "Possible: %(possible)s."
)
NOT_ACCEPTABLE = declare("NOT_ACCEPTABLE", "Answers are JSON only.", "Accept application/json.")
UNSUPPORTED_MEDIA_TYPE = declare(
    "UNSUPPORTED_MEDIA_TYPE", "A body of the type «%(type)s» is not understood.", "Send application/json."
)
NO_FILE = declare(
    "BODY_NO_FILE",
    "A body of the type «%(type)s» is not taken here, but a file as it is.",
    "Send its bytes, with «Content-Type: application/octet-stream» and no content encoding.",
)
LENGTH_MISSING = declare(
    "BODY_LENGTH_MISSING",
    "The request does not say how long its body is.",
    "Send the file with Content-Length, not in chunks.",
)
BODY_CUT_OFF = declare(
    "BODY_CUT_OFF",
    "The body ended after %(came)s of %(said)s bytes.",
    "Send the whole file again.",
)
FILE_TOO_LARGE = declare(
    "BODY_FILE_TOO_LARGE",
    "The file has %(size)s bytes, where %(limit)s are taken.",
    "Export fewer items at a time, and send several files.",
)
THROTTLED = declare("THROTTLED", "Too many requests.", "Wait for the time that Retry-After names.")
BODY_TOO_LARGE = declare("BODY_TOO_LARGE", "The body is larger than %(limit)s bytes.", "Send less at once.")
JSON_MALFORMED = declare(
    "JSON_MALFORMED", "The body is not JSON as RFC 8259 has it: %(fault)s.", "Send one JSON object in UTF-8."
)
JSON_TOO_DEEP = declare(
    "JSON_TOO_DEEP", "The body is nested more than %(limit)s levels deep.", "Send flatter JSON."
)
JSON_KEY_TWICE = declare(
    "JSON_KEY_TWICE", "The key «%(key)s» stands twice in one object.", "Send each key once."
)
NUMBER_TOO_LARGE = declare(
    "NUMBER_TOO_LARGE", "A number is larger than 64 bits can hold.", "Send a smaller number."
)
FIELD_INVALID = declare("FIELD_INVALID", "%(message)s", "Correct this field and send it again.")
FIELD_UNKNOWN = declare("FIELD_UNKNOWN", "There is no field of this name here.", "Known: %(known)s.")
NOTHING_TO_CHANGE = declare(
    "NOTHING_TO_CHANGE", "The body names nothing to change.", "Name at least one of: %(known)s."
)
PARAMETER_UNKNOWN = declare(
    "PARAMETER_UNKNOWN", "There is no query parameter of this name here.", "Known: %(known)s."
)
PARAMETER_TWICE = declare("PARAMETER_TWICE", "This query parameter is given more than once.", "Give it once.")
CURSOR_INVALID = declare(
    "CURSOR_INVALID",
    "This cursor was not made by this list with these filters.",
    "Begin without a cursor, and follow «next» as it is.",
)
VALUE_REFUSED = declare(
    "VALUE_REFUSED", "A value cannot be stored as it was sent.", "Send a shorter or smaller value."
)
TAKEN_MEANWHILE = declare(
    "TAKEN_MEANWHILE",
    "Somebody else wrote the same thing at the same moment.",
    "Look at what there is now, and repeat what is still needed.",
)
IF_MATCH_MISSING = declare(
    "IF_MATCH_MISSING",
    "A change says which version it was made from.",
    "Read the thing, and send its ETag in If-Match.",
)
IF_MATCH_MALFORMED = declare(
    "IF_MATCH_MALFORMED",
    "If-Match is not a list of entity tags.",
    "Send the ETag as it was given, with its quotation marks.",
)
IDEMPOTENCY_KEY_MALFORMED = declare(
    "IDEMPOTENCY_KEY_MALFORMED",
    "An Idempotency-Key has 1 to 128 visible ASCII characters.",
    "Send a random UUID.",
)
IDEMPOTENCY_KEY_REUSED = declare(
    "IDEMPOTENCY_KEY_REUSED",
    "This Idempotency-Key was used for another request.",
    "Use a new key for every new request; repeat a request only as it was.",
)
SHOWN_ONCE = declare(
    "SHOWN_ONCE",
    "The request was carried out before; its answer held a secret and is not kept.",
    "Look for %(location)s. If the secret is lost, revoke it and make another one.",
)
TEMPORARILY_UNAVAILABLE = declare(
    "TEMPORARILY_UNAVAILABLE",
    "A part that the portal needs does not answer.",
    "Try again after the time that Retry-After names.",
)
INTERNAL = declare(
    "INTERNAL", "Something went wrong in the portal.", "Tell the operators the id of this request."
)
