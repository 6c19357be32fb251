"""Evidence of decisions on access, for those who answer to somebody outside."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.access import commands, queries
from apps.api.addresses import addresses
from apps.api.fields import Output
from apps.api.resource import Contract, Resource, performs


class KeyShown(Output):
    hex = serializers.CharField(help_text="The public key (Ed25519), 32 bytes in hexadecimal.")
    sha256 = serializers.CharField(help_text="Its fingerprint; the trail keeps it with every export.")
    is_current = serializers.BooleanField(help_text="Whether packs are signed by it now.")


class PackShown(Output):
    name = serializers.CharField(help_text="What to call the file.")
    sha256 = serializers.CharField(help_text="Of the file.")
    manifest_sha256 = serializers.CharField(help_text="Names the pack; stands in the trail.")
    key = KeyShown()
    content = serializers.SerializerMethodField(help_text="The ZIP file, in base64.")

    def get_content(self, pack: Any) -> str:
        return base64.b64encode(pack.content).decode()


class EvidencePacks(Resource):
    """Signed packs that can be verified without the portal, by docs/verify_pack.py."""

    slug = "evidence"
    output = PackShown
    lists = False
    reads = False

    @performs()
    def export_evidence(self, given: dict[str, Any], id: UUID) -> Any:
        """Put together what shows how the request was decided and what came of it. The trail keeps that."""
        return commands.export_evidence(actor=self.actor, request_id=id)


@dataclass(frozen=True, kw_only=True)
class Keys:
    keys: tuple[Any, ...]


class KeysShown(Output):
    keys = KeyShown(many=True)


class EvidenceKeys(Resource):
    """Public keys by which packs are verified. Give them to whoever verifies by another way than the pack."""

    slug = "evidence-keys"
    output = KeysShown

    def ask(self, request: Request) -> Response:
        """The one that signs now first, then earlier ones."""
        return self.shown(Keys(keys=queries.evidence_keys()), Contract(status=200))


urlpatterns = [
    *addresses("access-requests", EvidencePacks),
    path("evidence-keys", EvidenceKeys.as_view({"get": "ask"}), name="evidence-keys"),
]
