"""Keys for programs that refresh them by themselves, by the protocol of container credentials.

What AWS SDKs ask where `AWS_CONTAINER_CREDENTIALS_FULL_URI` is set: one GET with the token in `Authorization`
as it stands, no word before it; the answer has four fields by these names.
Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
"""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.roles import TokenScope
from apps.api.authentication import TokenAsItStands
from apps.api.fields import Filters, Output, Uid
from apps.api.resource import Contract, Resource
from apps.credentials import commands
from apps.credentials.queries import scopes_of
from apps.lakes.queries import surroundings_of


class ContainerKey(Output):
    """A key as SDKs read it, and where it opens what, which they pass over. `Expiration` is in UTC, to the
    second."""

    AccessKeyId = serializers.CharField(source="parts.access_key_id")
    SecretAccessKey = serializers.CharField(source="parts.secret_access_key")
    Token = serializers.CharField(source="parts.session_token")
    Expiration = serializers.CharField()
    Endpoint = serializers.CharField(source="lake.endpoint")
    Region = serializers.CharField(source="lake.region")
    Places = serializers.ListField(child=serializers.CharField())
    Surroundings = serializers.DictField(
        child=serializers.CharField(),
        help_text="Variables that a program's environment needs for this lake, beside those of its key.",
    )


class ContainerFilters(Filters):
    asset = Uid(required=False, help_text="The caller's grant for it that lasts longest.")
    grant = Uid(required=False, help_text="One of the caller's grants; needed where no asset is named.")


class ContainerCredentials(Resource):
    """Keys for programs."""

    slug = "container-credentials"
    output = ContainerKey
    filters = ContainerFilters
    takes_filters = True
    lists = False
    reads = False
    scope = TokenScope.CREDENTIALS
    authentication_classes = (TokenAsItStands,)

    def contract_of(self, action: str) -> Contract:
        return Contract(status=200, output=ContainerKey)

    def key(self, request: Request) -> Response:
        """Take the key that this token has by the grant, or a new one where it ends soon.

        However many ask at once: one key is made. A refusal says why in its body.
        """
        served = commands.serve_credential(
            actor=self.actor,
            token_id=self.token.uid,
            bearer=self.bearer,
            grant_id=self.query.get("grant"),
            asset_id=self.query.get("asset"),
        )
        expires_at = served.lease.expires_at.astimezone(UTC)
        row: dict[str, Any] = {
            "parts": served.secret.reveal(),
            "Expiration": expires_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "lake": served.lease.lake,
            "Places": [served.lease.lake.place(at.bucket, at.prefix) for at in scopes_of(served.lease)],
            "Surroundings": surroundings_of(served.lease.lake),
        }
        return Response(ContainerKey(row).data)

    @property
    def token(self) -> Any:
        return self.request.auth

    @property
    def bearer(self) -> str:
        return TokenAsItStands.secret_in(self.request)


urlpatterns = [
    path("container", ContainerCredentials.as_view({"get": "key"}), name="container-credentials-detail")
]
