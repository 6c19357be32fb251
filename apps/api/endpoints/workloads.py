"""Workload identities: by what tokens a program may sign in as a service account."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.accounts import commands, queries
from apps.accounts.roles import TokenScope
from apps.api.addresses import addresses
from apps.api.fields import Filters, Flag, Input, Several, Shown, Text, Uid, Word
from apps.api.resource import Resource, creates, performs


class WorkloadIdentityShown(Shown):
    account_id = serializers.UUIDField(source="account.uid")
    name = serializers.CharField()
    issuer = serializers.CharField()
    subject = serializers.CharField()
    audience = serializers.CharField(help_text="What the platform is told whom its token is for.")
    claims = serializers.DictField(child=serializers.CharField())
    scopes = Several(child=Word(TokenScope))
    is_single_use = serializers.BooleanField()
    last_used_at = serializers.DateTimeField(allow_null=True)
    last_refused_at = serializers.DateTimeField(allow_null=True)


class WorkloadIdentityFilters(Filters):
    account = Uid(source="account__uid", required=False)


class WorkloadIdentityInput(Input):
    account_id = Uid(help_text="A service account that the caller answers for.")
    name = Text(max_length=120)
    issuer = Text(max_length=500, help_text="The claim «iss», as it stands in a token.")
    subject = Text(max_length=500, help_text="The claim «sub», as it stands in a token.")
    audience = Text(
        required=False, allow_blank=True, max_length=300, help_text="Empty: one of the account's own."
    )
    claims = serializers.DictField(
        child=Text(max_length=300),
        required=False,
        help_text="Further claims, each with the value it must have; by name or JSON pointer.",
    )
    scopes = Several(child=Word(TokenScope), min_length=1, max_length=len(TokenScope))
    is_single_use = Flag(required=False, help_text="Each token is taken once; true unless said otherwise.")
    keys = Text(
        required=False,
        allow_blank=True,
        max_length=64 * 1024,
        help_text="The issuer's public keys, as RFC 7517 has them; empty: they are fetched from the issuer.",
    )


class WorkloadIdentities(Resource):
    """What stands for a secret where a pipeline signs in: what its platform says of it."""

    slug = "workload-identities"
    output = WorkloadIdentityShown
    filters = WorkloadIdentityFilters

    def rows(self) -> Any:
        return queries.workload_identities_visible_to(self.actor)

    @creates(WorkloadIdentityInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Trust tokens of an issuer about a subject. By a person who has just proved who they are."""
        return commands.register_workload(actor=self.actor, **given)

    @performs()
    def remove(self, given: dict[str, Any], id: UUID) -> Any:
        """Trust them no more; what was given for them ends now."""
        return commands.remove_workload(actor=self.actor, workload_identity_id=id)


urlpatterns = [*addresses("workload-identities", WorkloadIdentities)]
