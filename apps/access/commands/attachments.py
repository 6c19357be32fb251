"""Files that go with a request."""

from __future__ import annotations

import hashlib
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, Sum

from apps.access import files
from apps.access.errors import ATTACHMENT_REMOVED, ATTACHMENTS_FULL, ATTACHMENTS_MANY, REQUEST_CLOSED
from apps.access.events import AttachmentAdded, AttachmentRemoved
from apps.access.facts import own_request
from apps.access.lifecycle import OPEN_REQUEST
from apps.access.models import Attachment, Request, Revision
from apps.accounts.authorization import authorize
from apps.accounts.operations import Operation
from apps.audit.command import command
from apps.audit.record import record
from apps.kernel.actor import Actor
from apps.kernel.errors import invalid_state, not_found, rule_broken

MOST_FILES = 10
MEGABYTE = 1024 * 1024
MOST_OF_A_PERSON = 200 * MEGABYTE


@command(lock=Request)
def attach_file(*, actor: Actor, request_id: UUID, name: str, content: bytes, at: datetime) -> Attachment:
    """Add a file to one's request. It belongs to the present revision, or where that was sent, to the next.

    Raises: NotFound, NotPermitted, InvalidState (closed), RuleBroken (what the file is), InvalidInput.
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    _expect_open(request)
    if request.attachments.filter(removed_at__isnull=True).count() >= MOST_FILES:
        raise rule_broken(ATTACHMENTS_MANY, limit=MOST_FILES)
    media_type = files.check_file(name, content)
    if _kept_for(actor) + len(content) > MOST_OF_A_PERSON:
        raise rule_broken(ATTACHMENTS_FULL, field="content", limit=MOST_OF_A_PERSON // MEGABYTE)
    stored_as = files.store(content)
    try:
        attachment = Attachment.objects.create(
            request=request,
            name=name,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            stored_as=stored_as,
            added_by_id=actor.person_key,
            created_at=at,
        )
        _present(request, attachment)
        event = AttachmentAdded(
            attachment_id=attachment.uid,
            request_id=request.uid,
            media_type=media_type,
            size=attachment.size,
            sha256=attachment.sha256,
            file_name=name,
        )
        record(event, actor=actor, at=at)
    except BaseException:
        files.discard(stored_as)
        raise
    return attachment


@command(lock=Request)
def remove_attachment(*, actor: Actor, request_id: UUID, attachment_id: UUID, at: datetime) -> Attachment:
    """Take a file off one's request. A revision that was sent with it keeps it; otherwise its bytes go.

    Raises: NotFound, NotPermitted, InvalidState (closed, removed before).
    """
    request = Request.objects.visible_to(actor).for_update(request_id)
    authorize(actor=actor, operation=Operation.REQUEST_ACCESS, resource=own_request(request))
    _expect_open(request)
    attachment = request.attachments.filter(uid=attachment_id).first()
    if attachment is None:
        raise not_found("attachment")
    if attachment.removed_at is not None:
        raise invalid_state(ATTACHMENT_REMOVED)
    attachment.removed_at = at
    attachment.write("removed_at")
    revision = Revision.objects.get(pk=request.revision_key)
    if revision.frozen_at is None:
        revision.attachments.remove(attachment)
    if not attachment.revisions.filter(frozen_at__isnull=False).exists():
        transaction.on_commit(partial(files.discard, attachment.stored_as))
    event = AttachmentRemoved(attachment_id=attachment.uid, request_id=request.uid)
    record(event, actor=actor, at=at)
    return attachment


def _kept_for(actor: Actor) -> int:
    """How many bytes lie there that the person added: of files not removed, and of those that were sent."""
    sent = Revision.objects.filter(attachments=OuterRef("pk"), frozen_at__isnull=False)
    kept = Attachment.objects.filter(Q(removed_at__isnull=True) | Exists(sent), added_by=actor.person_key)
    return int(kept.aggregate(total=Sum("size"))["total"] or 0)


def _expect_open(request: Request) -> None:
    if request.state not in OPEN_REQUEST:
        raise invalid_state(REQUEST_CLOSED, state=request.state)


def _present(request: Request, attachment: Attachment) -> None:
    revision = Revision.objects.get(pk=request.revision_key)
    if revision.frozen_at is None:
        revision.attachments.add(attachment)
