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

from apps.kernel.errors import Conflict, LakewardenError, NotFound
from apps.lakes.providers.faults import (
    LAKE_BUSY,
    LAKE_CLOCKS_DIFFER,
    LAKE_POLICY_PACKED_TOO_LARGE,
    LAKE_REFUSED,
    LAKE_THING_EXISTS,
    LAKE_THING_MISSING,
    LAKE_UNREACHABLE,
    failure,
    malformed,
)
from apps.policy.reason import Reason, declare

LAKE_REGION_WRONG = declare(
    "LAKE_REGION_WRONG",
    "The lake refused the call %(call)s: it lies in another region than the connection says (%(fault)s).",
    "Ask the administrator to correct the region, and the endpoint where it names one.",
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
        raise failure(LAKE_REFUSED, call, "SSLError", is_transient=False) from None
    except (LakeConnectionError, HTTPClientError) as error:
        raise failure(LAKE_UNREACHABLE, call, type(error).__name__, is_transient=True) from None
    except (ResponseParserError, LookupError, TypeError, ValueError, AttributeError) as error:
        # The client library reads answers with plain conversions, and stumbles over what it did not expect.
        raise malformed(call, type(error).__name__) from None
    except BotoCoreError as error:
        raise failure(LAKE_REFUSED, call, type(error).__name__, is_transient=False) from None


def _meaning(call: str, code: str, status: int) -> LakewardenError:
    facts = {"call": call, "fault": code}
    if code in _MISSING:
        return NotFound(Reason(code=LAKE_THING_MISSING, facts=facts))
    if code in _EXISTING:
        return Conflict(Reason(code=LAKE_THING_EXISTS, facts=facts))
    if code in _TRANSIENT or status >= 500 or status == 429:
        return failure(LAKE_BUSY, call, code, is_transient=True)
    if code == "RequestTimeTooSkewed":
        return failure(LAKE_CLOCKS_DIFFER, call, code, is_transient=False)
    if code in _OF_REGION:
        return failure(LAKE_REGION_WRONG, call, code, is_transient=False)
    if code in {"PackedPolicyTooLarge", "PackedPolicyTooLargeException"}:
        return failure(LAKE_POLICY_PACKED_TOO_LARGE, call, code, is_transient=False)
    return failure(LAKE_REFUSED, call, code, is_transient=False)


def _status(error: ClientError) -> int:
    response: Mapping[str, Any] = error.response
    return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
