"""Entries of the trail as leaves of a Merkle tree (RFC 6962): whoever has the root can tell whether an entry
is the one that was recorded, without having the others."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from apps.audit.models import AuditEvent
from apps.policy.snapshot import canonical_bytes, moment


def leaf_bytes(event: AuditEvent) -> bytes:
    """Everything that was recorded, in canonical JSON. What may be personal stands in it as a commitment."""
    return canonical_bytes(
        {
            "id": event.pk,
            "uid": str(event.uid),
            "transaction": str(event.xid),
            "at": moment(event.at),
            "request_id": event.request_id,
            "actor_kind": event.actor_kind,
            "actor_account_id": event.actor_account_id,
            "actor_person_id": event.actor_person_id,
            "organization_id": event.organization_id,
            "name": event.name,
            "outcome": event.outcome,
            "subject_uid": str(event.subject_uid) if event.subject_uid else None,
            "data": event.data,
            "commitments": event.commitments,
        }
    )


def leaf_hash(leaf: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """Of the hashes of leaves, in their order."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = _split(len(hashes))
    return node_hash(root_of(hashes[:middle]), root_of(hashes[middle:]))


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def proofs_of(hashes: Sequence[bytes]) -> tuple[tuple[bytes, ...], ...]:
    """For every leaf what it takes to come from it to the root, beginning beside it (RFC 6962, 2.1.1)."""
    if len(hashes) < 2:
        return ((),) * len(hashes)
    middle = _split(len(hashes))
    left, right = hashes[:middle], hashes[middle:]
    beside_left, beside_right = root_of(right), root_of(left)
    return (
        *((*path, beside_left) for path in proofs_of(left)),
        *((*path, beside_right) for path in proofs_of(right)),
    )
