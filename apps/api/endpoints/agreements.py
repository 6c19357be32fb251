"""Data-use agreements: kept by officers and owners, accepted by whoever receives data."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.access import commands, queries
from apps.access.commands import AgreementTarget
from apps.api.addresses import addresses
from apps.api.fields import Filters, Flag, Input, Shown, Text, Uid
from apps.api.resource import Resource, creates, performs


class AgreementShown(Shown):
    code = serializers.CharField()
    version = serializers.IntegerField()
    title = serializers.CharField()
    text = serializers.CharField()
    sha256 = serializers.CharField(help_text="Of the text; who accepts names it.")
    organization_id = serializers.UUIDField(source="organization.uid")
    asset_id = serializers.UUIDField(source="asset.uid", allow_null=True, default=None)
    domain_id = serializers.UUIDField(source="domain.uid", allow_null=True, default=None)
    sensitivity_class_id = serializers.UUIDField(
        source="sensitivity_class.uid",
        allow_null=True,
        default=None,
        help_text="It stands on all data of the organization of this class and above.",
    )
    retired_at = serializers.DateTimeField(allow_null=True)
    is_accepted = serializers.BooleanField(help_text="By the caller.")


class AgreementInput(Input):
    code = Text(max_length=40, help_text="Under a code in force, the text is its next version.")
    title = Text(max_length=200)
    text = Text(max_length=100_000)
    asset_id = Uid(required=False, allow_null=True)
    domain_id = Uid(required=False, allow_null=True)
    sensitivity_class_id = Uid(required=False, allow_null=True)


class AcceptInput(Input):
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}$", help_text="Of the text that was read.")


class AgreementFilters(Filters):
    code = Text(required=False)
    is_retired = Flag(source="retired_at__isnull", required=False)

    def to_internal_value(self, data: Any) -> Any:
        given = super().to_internal_value(data)
        if "retired_at__isnull" in given:
            given["retired_at__isnull"] = not given["retired_at__isnull"]
        return given


class Agreements(Resource):
    """Texts that whoever receives data accepts first."""

    slug = "agreements"
    output = AgreementShown
    filters = AgreementFilters

    def rows(self) -> Any:
        return queries.agreements_visible_to(self.actor)

    @creates(AgreementInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Put a text in force, on one asset, one domain, or one sensitivity class."""
        names = ("asset_id", "domain_id", "sensitivity_class_id")
        target = AgreementTarget(**{name: given.pop(name, None) for name in names})
        return self.one(commands.publish_agreement(actor=self.actor, target=target, **given).uid)

    @performs()
    def retire(self, given: dict[str, Any], id: UUID) -> Any:
        """Nobody has to accept it from now on."""
        commands.retire_agreement(actor=self.actor, agreement_id=id)
        return self.one(id)

    @performs(AcceptInput)
    def accept(self, given: dict[str, Any], id: UUID) -> Any:
        """Accept, for oneself, the text that was read."""
        commands.accept_agreement(actor=self.actor, agreement_id=id, **given)
        return self.one(id)


urlpatterns = [*addresses("agreements", Agreements)]
