"""What was said, shown and agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from apps.kernel.events import Event, Personal


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
