"""What happened to requests and grants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from apps.kernel.events import Event, Personal


@dataclass(frozen=True, kw_only=True)
class RulebookPublished(Event, name="access.rulebook.published", about="rulebook_id"):
    rulebook_id: UUID
    sha256: str
    version: str


@dataclass(frozen=True, kw_only=True)
class PolicySetDrafted(Event, name="access.policy_set.drafted", about="policy_set_id"):
    policy_set_id: UUID
    number: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PolicySetChanged(Event, name="access.policy_set.changed", about="policy_set_id"):
    policy_set_id: UUID
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PolicySetSubmitted(Event, name="access.policy_set.submitted", about="policy_set_id"):
    policy_set_id: UUID
    sha256: str


@dataclass(frozen=True, kw_only=True)
class PolicySetReturned(Event, name="access.policy_set.returned", about="policy_set_id"):
    policy_set_id: UUID
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class PolicySetPublished(Event, name="access.policy_set.published", about="policy_set_id"):
    policy_set_id: UUID
    sha256: str
    rulebook_sha256: str
    replay_id: UUID
    effective_from: datetime


@dataclass(frozen=True, kw_only=True)
class PolicyReplayStarted(Event, name="access.policy_replay.started", about="policy_replay_id"):
    policy_replay_id: UUID
    policy_set_id: UUID
    draft_sha256: str
    months: int


@dataclass(frozen=True, kw_only=True)
class PolicyReplayFinished(Event, name="access.policy_replay.finished", about="policy_replay_id"):
    policy_replay_id: UUID
    policy_set_id: UUID
    total: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class RequestDrafted(Event, name="access.request.drafted", about="request_id"):
    request_id: UUID
    revision_number: int
    assets: tuple[UUID, ...]
    purpose_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestSubmitted(Event, name="access.request.submitted", about="request_id"):
    """`route` names the stages in order; it is empty where the request was granted at once."""

    request_id: UUID
    revision_sha256: str
    decision_id: UUID
    effect: str
    rulebook_sha256: str
    route: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestReevaluated(Event, name="access.request.reevaluated", about="request_id"):
    request_id: UUID
    decision_id: UUID
    effect: str
    route: tuple[str, ...]
    reopened: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class VerdictGiven(Event, name="access.request.decided", about="request_id"):
    """`on_behalf_of` is the person for whom a delegate answered."""

    request_id: UUID
    verdict_id: UUID
    kind: str
    stage: str
    role: str
    revision_sha256: str
    decision_id: UUID
    reason: Personal
    on_behalf_of: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class VerdictRecused(Event, name="access.request.recused", about="request_id"):
    """Somebody who could have decided stepped back; others of the pool are asked."""

    request_id: UUID
    stage: str
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class SlotReassigned(Event, name="access.request.reassigned", about="request_id"):
    """A verdict was handed to a person by name; to nobody where that person can no longer give it."""

    request_id: UUID
    slot_id: UUID
    stage: str
    assignee_id: UUID | None
    reason: Personal


@dataclass(frozen=True, kw_only=True)
class StageReminded(Event, name="access.request.reminded", about="request_id"):
    """`percent` of the time the stage has is over."""

    request_id: UUID
    stage: str
    percent: int
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class StageEscalated(Event, name="access.request.escalated", about="request_id"):
    """The time of the stage is over, and more people may answer."""

    request_id: UUID
    stage: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StageFellBack(Event, name="access.request.fell_back", about="request_id"):
    """Too few people could decide, and the fallback is asked."""

    request_id: UUID
    stage: str
    roles: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestUnroutable(Event, name="access.request.unroutable", about="request_id"):
    """Fewer people than needed may decide. `stages` names where."""

    request_id: UUID
    stages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RequestRoutable(Event, name="access.request.routable", about="request_id"):
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestLapsed(Event, name="access.request.lapsed", about="request_id"):
    """Nobody decided in time, and the route says that it ends then."""

    request_id: UUID
    revision_sha256: str
    stage: str


@dataclass(frozen=True, kw_only=True)
class RequestApproved(Event, name="access.request.approved", about="request_id"):
    request_id: UUID
    revision_sha256: str
    decision_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestRejected(Event, name="access.request.rejected", about="request_id"):
    request_id: UUID
    revision_sha256: str


@dataclass(frozen=True, kw_only=True)
class RequestReturned(Event, name="access.request.returned", about="request_id"):
    request_id: UUID
    revision_sha256: str


@dataclass(frozen=True, kw_only=True)
class RequestWithdrawn(Event, name="access.request.withdrawn", about="request_id"):
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantCreated(Event, name="access.grant.created", about="grant_id"):
    grant_id: UUID
    request_id: UUID
    decision_id: UUID
    asset_id: UUID
    purpose_id: UUID
    actions: tuple[str, ...]
    mode: str
    not_before: datetime
    not_after: datetime
    limiting_factor: str


@dataclass(frozen=True, kw_only=True)
class GrantActivated(Event, name="access.grant.activated", about="grant_id"):
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantRevoked(Event, name="access.grant.revoked", about="grant_id"):
    grant_id: UUID
    comment: Personal


@dataclass(frozen=True, kw_only=True)
class GrantGivenBack(Event, name="access.grant.given_back", about="grant_id"):
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class GrantExpired(Event, name="access.grant.expired", about="grant_id"):
    grant_id: UUID


@dataclass(frozen=True, kw_only=True)
class RequestAmended(Event, name="access.request.amended", about="request_id"):
    """A revision took the place of the one in review; verdicts given on that one are history."""

    request_id: UUID
    revision_number: int
    revision_sha256: str
    decision_id: UUID
    effect: str
    route: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CommentAdded(Event, name="access.request.commented", about="request_id"):
    """The text stands here where it is for everyone; what is for fewer is told by its hash alone, since the
    trail is read by people of both sides."""

    request_id: UUID
    comment_id: UUID
    audience: str
    sha256: str
    text: Personal


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event, name="access.request.asked", about="request_id"):
    request_id: UUID
    question_id: UUID
    question: Personal


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event, name="access.request.answered", about="request_id"):
    request_id: UUID
    question_id: UUID
    answer_id: UUID
    answer: Personal


@dataclass(frozen=True, kw_only=True)
class AttachmentAdded(Event, name="access.attachment.added", about="attachment_id"):
    attachment_id: UUID
    request_id: UUID
    media_type: str
    size: int
    sha256: str
    file_name: Personal


@dataclass(frozen=True, kw_only=True)
class AttachmentRemoved(Event, name="access.attachment.removed", about="attachment_id"):
    """It belongs to no revision from then on; those that were sent with it keep it."""

    attachment_id: UUID
    request_id: UUID


@dataclass(frozen=True, kw_only=True)
class AgreementPublished(Event, name="access.agreement.published", about="agreement_id"):
    agreement_id: UUID
    code: str
    version: int
    sha256: str
    target_kind: str
    target_id: UUID


@dataclass(frozen=True, kw_only=True)
class AgreementRetired(Event, name="access.agreement.retired", about="agreement_id"):
    agreement_id: UUID
    code: str
    version: int


@dataclass(frozen=True, kw_only=True)
class AgreementAccepted(Event, name="access.agreement.accepted", about="agreement_id"):
    """`sha256` is the hash of the very text that was accepted."""

    agreement_id: UUID
    code: str
    version: int
    sha256: str
    person_id: UUID


@dataclass(frozen=True, kw_only=True)
class ExtensionDrafted(Event, name="access.grant.extension_drafted", about="grant_id"):
    grant_id: UUID
    request_id: UUID
