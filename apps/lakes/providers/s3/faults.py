"""What a server's refusal means: try again, do not, was not there, was there already.

Only the code of the answer is kept. The message is the server's own text, written for somebody else, and may
name keys or signatures; it goes neither into the exception nor into a log.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, SSLError
from botocore.exceptions import ConnectionError as LakeConnectionError
from botocore.parsers import ResponseParserError

from apps.kernel.errors import Conflict, LakewardenError, NotFound, ProviderFailure
from apps.policy.reason import Reason, declare

LAKE_UNREACHABLE = declare(
    "LAKE_UNREACHABLE",
    "The lake did not answer the call %(call)s (%(fault)s).",
    "Try again in a moment. If it stays, ask the administrator whether the endpoint is right and up.",
)
LAKE_BUSY = declare(
    "LAKE_BUSY",
    "The lake could not serve the call %(call)s now (%(fault)s).",
    "Try again in a moment.",
)
LAKE_REFUSED = declare(
    "LAKE_REFUSED",
    "The lake refused the call %(call)s (%(fault)s).",
    "Ask the administrator to run the test of this lake connection; it names what is set up wrongly.",
)
LAKE_CLOCKS_DIFFER = declare(
    "LAKE_CLOCKS_DIFFER",
    "The lake refused the call %(call)s, because its clock and the portal's are too far apart.",
    "Ask the administrator to check the time service of both machines.",
)
LAKE_REGION_WRONG = declare(
    "LAKE_REGION_WRONG",
    "The lake refused the call %(call)s: it lies in another region than the connection says (%(fault)s).",
    "Ask the administrator to correct the region, and the endpoint where it names one.",
)
LAKE_POLICY_PACKED_TOO_LARGE = declare(
    "LAKE_POLICY_PACKED_TOO_LARGE",
    "The lake found the policy of this key too large once packed.",
    "Split the request into several keys, or register one common prefix for the places.",
)
LAKE_THING_MISSING = declare(
    "LAKE_THING_MISSING",
    "The lake does not know what the call %(call)s is about (%(fault)s).",
    "Check the names of role and bucket in the lake connection.",
)
LAKE_THING_EXISTS = declare(
    "LAKE_THING_EXISTS",
    "What the call %(call)s would create exists already (%(fault)s).",
    "Use the existing one, or choose another name.",
)

LAKE_ANSWER_MALFORMED = declare(
    "LAKE_ANSWER_MALFORMED",
    "The lake answered the call %(call)s with something that is no answer to it (%(fault)s).",
    "Ask the administrator whether the endpoint leads to the lake, and not to a proxy or another service.",
)

# An expired key is told as AccessDenied by some servers and as ExpiredToken by others.
DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "403", "Forbidden", "ExpiredToken", "InvalidToken"}
)
# Amazon S3 API Reference, "Error responses": what was signed for another region than the one it is meant for.
_OF_REGION = frozenset(
    {
        "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
        "InvalidRegion",
        "PermanentRedirect",
        "RegionDisabledException",
    }
)
_TRANSIENT = frozenset(
    {
        "ConcurrentModification",
        "InternalError",
        "InternalFailure",
        "OperationAborted",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_MISSING = frozenset({"NoSuchEntity", "NoSuchBucket", "NoSuchKey", "NoSuchUpload", "404", "NotFound"})
_EXISTING = frozenset({"EntityAlreadyExists", "BucketAlreadyExists", "BucketAlreadyOwnedByYou"})


def code_of(error: ClientError) -> str:
    """The code of a refusal. Some servers answer STS and IAM with a bare `<Error>`, which botocore leaves
    one level higher than usual.
    """
    response: Mapping[str, Any] = error.response
    code = str((response.get("Error") or response).get("Code", "Unknown"))
    return code if re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", code) else "Unknown"


@contextmanager
def faults_by_meaning(call: str) -> Iterator[None]:
    """Turn the client library's exceptions into the families of the house."""
    try:
        yield
    except ClientError as error:
        raise _meaning(call, code_of(error), _status(error)) from None
    except SSLError:
        raise _failure(LAKE_REFUSED, call, "SSLError", is_transient=False) from None
    except (LakeConnectionError, HTTPClientError) as error:
        raise _failure(LAKE_UNREACHABLE, call, type(error).__name__, is_transient=True) from None
    except (ResponseParserError, LookupError, TypeError, ValueError, AttributeError) as error:
        # The client library reads answers with plain conversions, and stumbles over what it did not expect.
        raise malformed(call, type(error).__name__) from None
    except BotoCoreError as error:
        raise _failure(LAKE_REFUSED, call, type(error).__name__, is_transient=False) from None


def malformed(call: str, fault: str) -> ProviderFailure:
    """`fault` says what was missing or unreadable, never what was sent."""
    return _failure(LAKE_ANSWER_MALFORMED, call, fault, is_transient=False)


def _meaning(call: str, code: str, status: int) -> LakewardenError:
    facts = {"call": call, "fault": code}
    if code in _MISSING:
        return NotFound(Reason(code=LAKE_THING_MISSING, facts=facts))
    if code in _EXISTING:
        return Conflict(Reason(code=LAKE_THING_EXISTS, facts=facts))
    if code in _TRANSIENT or status >= 500 or status == 429:
        return _failure(LAKE_BUSY, call, code, is_transient=True)
    if code == "RequestTimeTooSkewed":
        return _failure(LAKE_CLOCKS_DIFFER, call, code, is_transient=False)
    if code in _OF_REGION:
        return _failure(LAKE_REGION_WRONG, call, code, is_transient=False)
    if code in {"PackedPolicyTooLarge", "PackedPolicyTooLargeException"}:
        return _failure(LAKE_POLICY_PACKED_TOO_LARGE, call, code, is_transient=False)
    return _failure(LAKE_REFUSED, call, code, is_transient=False)


def _failure(reason: str, call: str, fault: str, *, is_transient: bool) -> ProviderFailure:
    facts = {"call": call, "fault": fault}
    return ProviderFailure(Reason(code=reason, facts=facts), is_transient=is_transient)


def _status(error: ClientError) -> int:
    response: Mapping[str, Any] = error.response
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
