"""Questions put to S3 with a key in hand. None of them changes anything.

A write is tried with a body that does not fit its own checksum: a server that would allow it answers
BadDigest and stores nothing, one that refuses says so before looking at the body.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.contract import Probe
from apps.lakes.providers.probing import ALLOWED, DENIED_ANSWER, compared
from apps.lakes.providers.s3.faults import DENIED, code_of, faults_by_meaning

_WRONG_DIGEST = "AAAAAAAAAAAAAAAAAAAAAA=="
_DIGEST_REFUSED = frozenset({"BadDigest", "InvalidDigest"})


@dataclass(frozen=True)
class S3Asker:
    """Somebody with a key of S3."""

    s3: Any

    def lists(self, bucket: str, prefix: str | None) -> str:
        return observe(listing(self.s3, bucket, prefix))

    def writes(self, bucket: str, key: str) -> str:
        return observe(writing(self.s3, bucket, key))


def ask(name: str, expected: str, question: Callable[[], object]) -> Probe:
    return compared(name, expected, observe(question))


def observe(question: Callable[[], object]) -> str:
    """`allowed`, `denied`, or the code of what went wrong instead."""
    try:
        with faults_by_meaning("probe"):
            try:
                question()
            except ClientError as error:
                code = code_of(error)
                if code in DENIED:
                    return DENIED_ANSWER
                if code in _DIGEST_REFUSED:
                    return ALLOWED
                raise
    except LakewardenError as failure:
        return str(failure.reasons[0].facts.get("fault", failure.code))
    return ALLOWED


def listing(s3: Any, bucket: str, prefix: str | None) -> Callable[[], object]:
    narrowed = {} if prefix is None else {"Prefix": prefix}
    return lambda: s3.list_objects_v2(Bucket=bucket, MaxKeys=1, **narrowed)


def writing(s3: Any, bucket: str, key: str) -> Callable[[], object]:
    def write() -> None:
        s3.put_object(Bucket=bucket, Key=key, Body=b"-", ContentMD5=_WRONG_DIGEST)
        # A server that ignored the checksum has stored the object: take it away again where possible.
        with suppress(ClientError):
            s3.delete_object(Bucket=bucket, Key=key)

    return write
