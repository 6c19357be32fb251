"""The files of a request, as far as the reader may see them."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from apps.access import files
from apps.access.models import Attachment, Request, Revision
from apps.kernel.actor import Actor, ActorKind


def attachments_of(actor: Actor, request: Request) -> QuerySet[Attachment]:
    """Of a request the actor sees: what was sent. The requester also sees what was not sent yet.

    `is_sent`: a revision that was sent holds it. `is_present`: the present revision does.
    """
    through = Revision.attachments.through.objects.filter(attachment=OuterRef("pk"))
    rows = Attachment.objects.filter(request=request).annotate(
        is_sent=Exists(through.filter(revision__frozen_at__isnull=False)),
        is_present=Exists(through.filter(revision=request.revision_key)),
    )
    waits = Q(removed_at__isnull=True)
    is_theirs = actor.kind is ActorKind.PERSON and actor.person_id == request.requester_id
    shown = Q(is_sent=True) | waits if actor.is_system or is_theirs else Q(is_sent=True)
    return rows.filter(shown).select_related("request").order_by("pk")


def bytes_of(actor: Actor, request_id: UUID, attachment_id: UUID) -> tuple[Attachment, bytes]:
    """Raises: NotFound, where the request or the file is not for the actor; InvalidState (bytes are gone)."""
    request = Request.objects.visible_to(actor).one(request_id)
    rows = attachments_of(actor, request)
    attachment: Attachment = rows.one(attachment_id)  # type: ignore[attr-defined]
    return attachment, files.read(attachment.stored_as)
