"""Taking the evidence of a decision out of the house."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from apps.access.errors import EVIDENCE_NOTHING_DECIDED
from apps.access.events import EvidenceExported
from apps.access.facts import request_resources
from apps.access.lifecycle import RequestState
from apps.access.models import Decision, Grant, Request, Revision
from apps.access.packs import Pack, pack_of
from apps.access.queries.requests import assets_of
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state

UNDECIDED = frozenset({RequestState.DRAFT, RequestState.IN_REVIEW})


@command(lock=Request)
def export_evidence(*, actor: Actor, request_id: UUID, at: datetime) -> Pack:
    """Everything that shows how the request was decided and what came of it, signed.

    The export stands in the trail, with what names the pack.
    Raises: NotFound, NotPermitted, InvalidState (nothing is decided yet).
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    revision = Revision.objects.get(pk=request.revision_key)
    for resource in request_resources(request, assets_of(revision)):
        authorize(actor=actor, operation=Operation.EXPORT_EVIDENCE, resource=resource)
    decision = decided_on(revision)
    if decision is None or request.state in UNDECIDED:
        raise invalid_state(EVIDENCE_NOTHING_DECIDED, state=request.state)
    pack, root = pack_of(request, decision, at=at)
    event = EvidenceExported(
        request_id=request.uid,
        decision_id=decision.uid,
        manifest_sha256=pack.manifest_sha256,
        trail_root_hash=root,
        signing_key_sha256=pack.key.sha256,
    )
    record(event, actor=actor, at=at)
    return pack


def decided_on(revision: Revision) -> Decision | None:
    """The evaluation its grants were born of; where there are none, the newest."""
    related = ("revision__request__organization", "revision__request__requester", "rulebook")
    found = Decision.objects.filter(revision=revision).select_related(*related)
    granted = found.filter(pk__in=Grant.objects.filter(revision=revision).values("decision"))
    return granted.order_by("-pk").first() or found.order_by("-pk").first()
