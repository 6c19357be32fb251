"""Publishing the law part of rulebooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.access.errors import RULEBOOK_TAKEN
from apps.access.events import RulebookPublished
from apps.access.lifecycle import PolicySetState
from apps.access.models import PolicySet, Rulebook
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput, conflict
from apps.policy.house.reader import policy_set_of
from apps.policy.rulebook import Rulebook as PolicyRulebook
from apps.policy.rulebook import RulebookRefused

PUBLISHING_RULES = "publishing rules"
"""Whatever joins law and house rules waits here for each other: each builds on what the one before left."""


@command(queue=PUBLISHING_RULES)
def publish_rulebook(*, actor: Actor, document: dict[str, Any], at: datetime) -> Rulebook:
    """Put the law part in force for every later decision, and join it with each organization's own rules.

    Only the machine does.
    Raises: NotPermitted, InvalidInput (every fault of the document, by its place), Conflict.
    """
    resource = Resource(kind="rulebook", organization_id=0)
    authorize(actor=actor, operation=Operation.KEEP_IN_STEP, resource=resource)
    try:
        book = PolicyRulebook.from_dict(document)
    except RulebookRefused as refusal:
        raise InvalidInput(*refusal.reasons) from refusal
    same = Q(name=book.id, version=book.version) | Q(sha256=book.sha256)
    if Rulebook.objects.filter(same).exists():
        raise conflict(RULEBOOK_TAKEN, name=book.id, version=book.version)
    rulebook = _stored(book, actor=actor, at=at)
    for policy_set in _to_join(at):
        join(rulebook, policy_set, actor=actor, at=at)
    return rulebook


def join(law: Rulebook, policy_set: PolicySet, *, actor: Actor, at: datetime) -> Rulebook:
    """The law part and the organization's part as one rulebook, under one hash."""
    house = policy_set_of(policy_set.document)
    version = f"{law.version}+{policy_set.organization.code}-{policy_set.number}"
    book = PolicyRulebook.from_dict(law.document).joined(house, version=version)
    return _stored(book, policy_set, actor=actor, at=at)


def _stored(
    book: PolicyRulebook, policy_set: PolicySet | None = None, *, actor: Actor, at: datetime
) -> Rulebook:
    rulebook = Rulebook.objects.create(
        name=book.id,
        version=book.version,
        document=book.as_dict(),
        sha256=book.sha256,
        published_at=at,
        organization=policy_set.organization if policy_set else None,
        policy_set=policy_set,
        effective_from=policy_set.effective_from if policy_set else None,
        created_at=at,
    )
    event = RulebookPublished(rulebook_id=rulebook.uid, sha256=book.sha256, version=book.version)
    record(event, actor=actor, at=at)
    return rulebook


def _to_join(at: datetime) -> list[PolicySet]:
    """Of each organization the policy set in force, and those that are to come."""
    published = PolicySet.objects.filter(state=PolicySetState.PUBLISHED).select_related("organization")
    begun = published.filter(effective_from__lte=at).order_by(
        "organization", "-effective_from", "-published_at", "-number"
    )
    later = published.filter(effective_from__gt=at).order_by("organization", "number")
    return [*begun.distinct("organization"), *later]
