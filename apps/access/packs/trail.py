"""What the trail tells of a request and of all that came of it, with proofs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q

from apps.access.packs.files import File, as_json
from apps.accounts.models import Account, Person
from apps.audit.models import AuditEvent
from apps.audit.record import commitment
from apps.audit.tree import leaf_bytes, leaf_hash, proofs_of, root_of

ENTRIES = "trail/entries.jsonl"
PERSONAL = "trail/personal.json"
PROOFS = "trail/proofs.json"
PEOPLE = "trail/people.json"


@dataclass(frozen=True, kw_only=True)
class Extract:
    """Entries in their order, `root` that of the tree they are leaves of. `broken` names the entries with a
    value that is no longer the one committed to."""

    events: tuple[AuditEvent, ...]
    leaves: tuple[bytes, ...]
    root: str
    broken: tuple[UUID, ...]


def extract_of(organization_id: int, subjects: Collection[UUID]) -> Extract:
    """Of everything that happened to these things. Two queries."""
    of_house = Q(organization_id=organization_id) | Q(organization_id=None)
    found = AuditEvent.objects.filter(of_house, subject_uid__in=subjects).prefetch_related("personal")
    events = tuple(found.order_by("pk"))
    leaves = tuple(leaf_bytes(event) for event in events)
    return Extract(
        events=events,
        leaves=leaves,
        root=root_of([leaf_hash(leaf) for leaf in leaves]).hex(),
        broken=tuple(event.uid for event in events if not _is_kept(event)),
    )


def _is_kept(event: AuditEvent) -> bool:
    return all(
        commitment(row.salt, row.value) == event.commitments[row.field] for row in event.personal.all()
    )


def files_of(extract: Extract, people: Collection[int]) -> tuple[File, ...]:
    hashes = [leaf_hash(leaf) for leaf in extract.leaves]
    proofs = {
        "tree": "RFC 6962, SHA-256; a leaf is a line of trail/entries.jsonl without its end",
        "size": len(hashes),
        "root": extract.root,
        "proofs": [
            {"entry": str(event.uid), "index": index, "path": [each.hex() for each in path]}
            for index, (event, path) in enumerate(zip(extract.events, proofs_of(hashes), strict=True))
        ],
    }
    personal = [
        {"entry": str(event.uid), "field": row.field, "value": row.value, "salt": bytes(row.salt).hex()}
        for event in extract.events
        for row in event.personal.all()
    ]
    return (
        File(
            name=ENTRIES,
            content=b"".join(leaf + b"\n" for leaf in extract.leaves),
            told="Entries of the trail, each in the canonical bytes that are hashed.",
        ),
        as_json(
            PERSONAL,
            personal,
            "Texts of entries that may be personal, with the salts of what the entries commit to.",
        ),
        as_json(PROOFS, proofs, "For each entry the way to the root of the tree they make."),
        as_json(PEOPLE, _named(extract.events, people), "Who stands behind the numbers of the entries."),
    )


def _named(events: Iterable[AuditEvent], people: Collection[int]) -> dict[str, Any]:
    """Two queries."""
    persons = {event.actor_person_id for event in events if event.actor_person_id} | set(people)
    accounts = {event.actor_account_id for event in events if event.actor_account_id}
    found = Person.objects.filter(pk__in=persons).select_related("organization").order_by("pk")
    signed = Account.objects.filter(pk__in=accounts).order_by("pk")
    return {
        "people": {
            str(person.pk): {
                "uid": str(person.uid),
                "name": person.name,
                "organization": person.organization.name,
            }
            for person in found
        },
        "accounts": {
            str(account.pk): {"uid": str(account.uid), "username": account.username, "kind": account.kind}
            for account in signed
        },
    }
