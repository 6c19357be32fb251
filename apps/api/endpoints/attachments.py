"""Files that go with an access request."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.errors import ATTACHMENT_NOT_BASE64
from apps.api.addresses import addresses
from apps.api.fields import Input, Shown, Text
from apps.api.resource import Contract, Resource, creates, performs
from apps.kernel.errors import invalid

MOST_CHARACTERS = 5_000_000


class AttachmentShown(Shown):
    name = serializers.CharField()
    media_type = serializers.CharField(help_text="Found out from the content.")
    size = serializers.IntegerField(help_text="In bytes.")
    sha256 = serializers.CharField(help_text="Part of what the hash of the revision covers.")
    removed_at = serializers.DateTimeField(allow_null=True)


class AttachmentDetailShown(AttachmentShown):
    content = serializers.CharField(help_text="The bytes, in base64.")


class AttachmentInput(Input):
    name = Text(max_length=300)
    content = Text(
        max_length=MOST_CHARACTERS,
        allow_blank=True,
        trim_whitespace=False,
        help_text="The bytes, in base64 (RFC 4648, 4). Taken are PDF, PNG, JPEG, text, CSV and Markdown.",
    )


class Attachments(Resource):
    """Files of a request: the requester adds them, who sees the request reads what was sent."""

    slug = "request-attachments"
    output = AttachmentShown
    order = ("pk",)

    def rows(self) -> Any:
        visible: Any = queries.requests_visible_to(self.actor)
        return queries.attachments_of(self.actor, visible.one(self.kwargs["request_id"]))

    def contract_of(self, action: str) -> Contract:
        if action == "retrieve":
            return Contract(status=200, output=AttachmentDetailShown)
        return super().contract_of(action)

    def retrieve(self, request: Any, id: UUID, **path: Any) -> Any:
        attachment, content = queries.bytes_of(self.actor, path["request_id"], id)
        attachment.content = base64.b64encode(content).decode()  # type: ignore[attr-defined]
        return self.shown(attachment, self.contract_of("retrieve"))

    @creates(AttachmentInput)
    def create(self, given: dict[str, Any], request_id: UUID) -> Any:
        """Add a file; where the revision was sent already, it goes with the next one."""
        content = _decoded(given["content"])
        return commands.attach_file(
            actor=self.actor, request_id=request_id, name=given["name"], content=content
        )

    @performs()
    def remove(self, given: dict[str, Any], request_id: UUID, id: UUID) -> Any:
        """Take a file off; what was sent with it keeps it."""
        return commands.remove_attachment(actor=self.actor, request_id=request_id, attachment_id=id)


def _decoded(content: str) -> bytes:
    try:
        return base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        raise invalid("content", ATTACHMENT_NOT_BASE64) from None


urlpatterns = [*addresses("access-requests/<uuid:request_id>/attachments", Attachments)]
