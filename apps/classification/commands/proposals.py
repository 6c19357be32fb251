"""The second person: proposals to lower a classification are confirmed or rejected by another human."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.catalog.facts import asset_resource
from apps.catalog.models import AssetVersion
from apps.classification import lifecycle
from apps.classification.commands import ledger
from apps.classification.commands.columns import CLASSIFYING
from apps.classification.errors import NOTHING_PROPOSED, REJECTION_REASON_MISSING, SECOND_PERSON_NEEDED
from apps.classification.events import LoweringConfirmed, LoweringRejected
from apps.classification.lifecycle import ClassificationStatus
from apps.classification.models import Classification
from apps.kernel.actor import Actor, ActorKind
from apps.kernel.contributions import expect_seen
from apps.kernel.errors import NotPermitted, invalid, not_found
from apps.kernel.models import uids
from apps.policy.reason import Reason


@command(lock=AssetVersion)
def confirm_lowering(
    *,
    actor: Actor,
    asset_version_id: UUID,
    proposal_ids: Sequence[UUID],
    seen_impact: str | None = None,
    at: datetime,
) -> tuple[Classification, ...]:
    """Let laxer classifications take effect, as another person than the one who proposed them.

    `seen_impact` is the digest of what another class was shown to reach.
    Raises: NotFound, NotPermitted, InvalidInput, InvalidState (no longer open),
    PreconditionMissing, StaleVersion.
    """
    version, proposals = _open(actor, asset_version_id, proposal_ids)
    expect_seen(CLASSIFYING, version.asset.uid, seen_impact, actor=actor)
    for proposal in proposals:
        proposal.status = lifecycle.move(proposal.status, ClassificationStatus.CURRENT)
        proposal.decided_by_id, proposal.decided_at = actor.person_id, at
        proposal.is_confirmed = True
    columns = [proposal.column_name for proposal in proposals]
    ledger.supersede(version, columns, ClassificationStatus.CURRENT, at=at)
    for proposal in proposals:
        proposal.write("status", "decided_by", "decided_at", "is_confirmed")
    event = LoweringConfirmed(
        asset_id=version.asset.uid,
        version_id=version.uid,
        proposals=uids(proposals),
        sayings=ledger.in_words(proposals),
    )
    record(event, actor=actor, at=at)
    return proposals


@command(lock=AssetVersion)
def reject_lowering(
    *, actor: Actor, asset_version_id: UUID, proposal_ids: Sequence[UUID], reason: str, at: datetime
) -> tuple[Classification, ...]:
    """Let the stricter classifications stay.

    Raises: NotFound, NotPermitted, InvalidInput, InvalidState (no longer open).
    """
    version, proposals = _open(actor, asset_version_id, proposal_ids)
    if not reason.strip():
        raise invalid("reason", REJECTION_REASON_MISSING)
    for proposal in proposals:
        proposal.status = lifecycle.move(proposal.status, ClassificationStatus.REJECTED)
        proposal.decided_by_id, proposal.decided_at = actor.person_id, at
        proposal.rejection_reason = reason
        proposal.write("status", "decided_by", "decided_at", "rejection_reason")
    event = LoweringRejected(
        asset_id=version.asset.uid, version_id=version.uid, proposals=uids(proposals), reason=reason
    )
    record(event, actor=actor, at=at)
    return proposals


def _open(
    actor: Actor, asset_version_id: UUID, proposal_ids: Sequence[UUID]
) -> tuple[AssetVersion, tuple[Classification, ...]]:
    """The version and its proposals, which this actor may decide."""
    version = AssetVersion.objects.visible_to(actor).select_related("asset").one(asset_version_id)
    authorize(actor=actor, operation=Operation.CONFIRM_LOWERING, resource=asset_resource(version.asset))
    if not proposal_ids:
        raise invalid("proposal_ids", NOTHING_PROPOSED)
    found = Classification.objects.visible_to(actor).filter(version=version, uid__in=proposal_ids)
    proposals = tuple(found.select_related("sensitivity_class").order_by("column_name"))
    if len(proposals) != len(set(proposal_ids)):
        raise not_found(str(Classification._meta.verbose_name))
    own = [proposal.column_name for proposal in proposals if not _is_another(actor, proposal)]
    if own:
        reason = Reason(code=SECOND_PERSON_NEEDED, rule="A38", facts={"column": ", ".join(own)})
        raise NotPermitted(reason)
    return version, proposals


def _is_another(actor: Actor, proposal: Classification) -> bool:
    """People are compared, never accounts; a machine is nobody."""
    return actor.kind is ActorKind.PERSON and actor.person_id != proposal.classified_by_id
