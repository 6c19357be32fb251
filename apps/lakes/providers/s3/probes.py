"""Questions put to a lake with a key in hand. None of them changes anything.

A write is tried with a body that does not fit its own checksum: a server that would allow it answers
BadDigest and stores nothing, one that refuses says so before looking at the body.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from apps.kernel.errors import LakewardenError
from apps.lakes.providers.contract import Access, CredentialSpec, Probe, Scope
from apps.lakes.providers.s3.faults import DENIED, code_of, faults_by_meaning

ALLOWED = "allowed"
DENIED_ANSWER = "denied"
PROBE_NAME = "lakewarden-probe"
_WRONG_DIGEST = "AAAAAAAAAAAAAAAAAAAAAA=="
_DIGEST_REFUSED = frozenset({"BadDigest", "InvalidDigest"})


def key_probes(spec: CredentialSpec, s3: Any) -> tuple[Probe, ...]:
    """Inside allowed, outside denied, writing as scoped, for every scope of the key."""
    return tuple(probe for scope in spec.scopes for probe in _scope_probes(scope, spec.scopes, s3))


def ask(name: str, expected: str, question: Callable[[], object]) -> Probe:
    observed = observe(question)
    return Probe(name=name, expected=expected, observed=observed, passed=observed == expected)


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


def _scope_probes(scope: Scope, scopes: tuple[Scope, ...], s3: Any) -> Iterator[Probe]:
    bucket, prefix = scope.bucket.text, scope.prefix.text
    yield ask(f"list {bucket}/{prefix}", ALLOWED, listing(s3, bucket, prefix))
    may_write = any(
        other.access is Access.WRITE and other.bucket == scope.bucket and prefix.startswith(other.prefix.text)
        for other in scopes
    )
    yield ask(
        f"write in {bucket}/{prefix}",
        ALLOWED if may_write else DENIED_ANSWER,
        writing(s3, bucket, prefix + PROBE_NAME),
    )
    for outside in _outside(prefix):
        if not _is_open(scopes, bucket, outside):
            yield ask(f"list {bucket}/{outside}", DENIED_ANSWER, listing(s3, bucket, outside))
            yield ask(
                f"write in {bucket}/{outside}", DENIED_ANSWER, writing(s3, bucket, outside + PROBE_NAME)
            )
    yield ask(f"list all of {bucket}", DENIED_ANSWER, listing(s3, bucket, None))


def _outside(prefix: str) -> tuple[str, str]:
    """The parent, and a sibling that begins with the same letters."""
    trunk = prefix.removesuffix("/")
    parent = trunk.rsplit("/", 1)[0] + "/"
    return parent, f"{trunk}-{PROBE_NAME}/"


def _is_open(scopes: tuple[Scope, ...], bucket: str, prefix: str) -> bool:
    return any(scope.bucket.text == bucket and prefix.startswith(scope.prefix.text) for scope in scopes)
