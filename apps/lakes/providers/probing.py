"""The questions that show whether a key is sound, whoever made it. None of them changes anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

from apps.kernel.errors import LakewardenError, invalid
from apps.lakes.prefix import StoragePrefix
from apps.lakes.providers.contract import Access, ConnectionSpec, CredentialSpec, Probe, Scope
from apps.lakes.providers.limits import NO_ROOTS

ALLOWED = "allowed"
DENIED_ANSWER = "denied"
PROBE_NAME = "lakewarden-probe"
SHORT = timedelta(seconds=60)


class Asker(Protocol):
    """Somebody with a key: `allowed`, `denied`, or the code of what went wrong instead."""

    def lists(self, bucket: str, prefix: str | None) -> str: ...

    def writes(self, bucket: str, key: str) -> str: ...


def compared(name: str, expected: str, observed: str) -> Probe:
    return Probe(name=name, expected=expected, observed=observed, passed=observed == expected)


def fault_of(failure: LakewardenError) -> str:
    """The code of what a provider answered, or of what kept it from answering."""
    return str(failure.reasons[0].facts.get("fault", failure.code))


def probe_spec(connection: ConnectionSpec, ttl_min: timedelta) -> CredentialSpec:
    """A short key to read a place in the first root where nothing lies.  Raises: InvalidInput."""
    if not connection.roots:
        raise invalid("roots", NO_ROOTS)
    root = connection.roots[0]
    prefix = StoragePrefix(text=f"{root.prefix}{PROBE_NAME}/connection/", allows_letters=root.allows_letters)
    return CredentialSpec(
        lease_id=uuid4(),
        connection=connection,
        scopes=(Scope(bucket=root.bucket, prefix=prefix, access=Access.READ),),
        ttl=max(ttl_min, SHORT),
    )


def scope_probes(scope: Scope, scopes: tuple[Scope, ...], asker: Asker) -> Iterator[Probe]:
    """Inside allowed, outside denied, writing as scoped."""
    bucket, prefix = scope.bucket.text, scope.prefix.text
    yield compared(f"list {bucket}/{prefix}", ALLOWED, asker.lists(bucket, prefix))
    may_write = any(
        other.access is Access.WRITE and other.bucket == scope.bucket and prefix.startswith(other.prefix.text)
        for other in scopes
    )
    yield compared(
        f"write in {bucket}/{prefix}",
        ALLOWED if may_write else DENIED_ANSWER,
        asker.writes(bucket, prefix + PROBE_NAME),
    )
    for outside in _outside(prefix):
        if not _is_open(scopes, bucket, outside):
            yield compared(f"list {bucket}/{outside}", DENIED_ANSWER, asker.lists(bucket, outside))
            yield compared(
                f"write in {bucket}/{outside}", DENIED_ANSWER, asker.writes(bucket, outside + PROBE_NAME)
            )
    yield compared(f"list all of {bucket}", DENIED_ANSWER, asker.lists(bucket, None))


def _outside(prefix: str) -> tuple[str, str]:
    """The parent, and a sibling that begins with the same letters."""
    trunk = prefix.removesuffix("/")
    parent = trunk.rsplit("/", 1)[0] + "/"
    return parent, f"{trunk}-{PROBE_NAME}/"


def _is_open(scopes: tuple[Scope, ...], bucket: str, prefix: str) -> bool:
    return any(scope.bucket.text == bucket and prefix.startswith(scope.prefix.text) for scope in scopes)
