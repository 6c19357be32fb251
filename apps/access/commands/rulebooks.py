"""Publishing rulebooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from apps.access.errors import RULEBOOK_TAKEN
from apps.access.events import RulebookPublished
from apps.access.models import Rulebook
from apps.accounts.authorization import Resource, authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import InvalidInput, conflict
from apps.policy.rulebook import Rulebook as PolicyRulebook
from apps.policy.rulebook import RulebookRefused


@command
def publish_rulebook(*, actor: Actor, document: dict[str, Any], at: datetime) -> Rulebook:
    """Put a rulebook in force for every later decision. Only the machine does, until drafts have replays.

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
    rulebook = Rulebook.objects.create(
        name=book.id,
        version=book.version,
        document=book.as_dict(),
        sha256=book.sha256,
        published_at=at,
        created_at=at,
    )
    event = RulebookPublished(rulebook_id=rulebook.uid, sha256=book.sha256, version=book.version)
    record(event, actor=actor, at=at)
    return rulebook
