"""Lake connections."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import (
    Country,
    Filters,
    Input,
    Output,
    SeenImpact,
    Several,
    Shown,
    Text,
    Uid,
    Whole,
    Word,
)
from apps.api.resource import Resource, changes, creates, performs
from apps.credentials.commands import cut_lake
from apps.lakes import commands, queries
from apps.lakes.queries import Capabilities, Flavor, Granularity, OwnRole, RevokeEffect

LONGEST_TTL_SECONDS = 7 * 24 * 3600


class ProbeShown(Output):
    name = serializers.CharField()
    expected = serializers.CharField()
    observed = serializers.CharField()
    passed = serializers.BooleanField()


class CapabilitiesShown(Output):
    """What keys of the connection can be."""

    granularity = Word(Granularity)
    ttl_min_seconds = serializers.SerializerMethodField()
    ttl_max_seconds = serializers.SerializerMethodField()
    revoke_effect = Word(RevokeEffect)
    revoke_delay_seconds = serializers.SerializerMethodField()
    expiry_delay_seconds = serializers.SerializerMethodField(
        help_text="For so long what is open goes on after a key's end."
    )
    own_role = Word(OwnRole, help_text="Whether a role is made for a single key, and deleted with it.")
    policy_budget = serializers.IntegerField(allow_null=True, help_text="In characters.")
    most_places = serializers.IntegerField(allow_null=True, help_text="That one key opens.")

    def get_ttl_min_seconds(self, can: Capabilities) -> int:
        return int(can.ttl_min.total_seconds())

    def get_ttl_max_seconds(self, can: Capabilities) -> int:
        return int(can.ttl_max.total_seconds())

    def get_revoke_delay_seconds(self, can: Capabilities) -> int:
        return int(can.revoke_delay.total_seconds())

    def get_expiry_delay_seconds(self, can: Capabilities) -> int:
        return int(can.expiry_delay.total_seconds())


class LakeShown(Shown):
    """Where the secrets are kept is named; the secrets are in the environment only."""

    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    flavor = Word(Flavor)
    endpoint = serializers.CharField()
    sts_endpoint = serializers.CharField()
    iam_endpoint = serializers.CharField()
    region = serializers.CharField()
    country = serializers.CharField()
    operator_ref = serializers.CharField(help_text="Number of the party that operates it, such as PY-0001.")
    role_arn = serializers.CharField(allow_blank=True)
    options = serializers.DictField(
        child=serializers.CharField(), help_text="What connections of this flavor alone have."
    )
    external_id = serializers.CharField()
    secret_ref = serializers.CharField()
    roots = Several(child=serializers.CharField())
    ttl_min_seconds = serializers.IntegerField(allow_null=True)
    ttl_max_seconds = serializers.IntegerField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    moved_at = serializers.DateTimeField(
        allow_null=True,
        help_text="When it came to lead elsewhere: access approved before opens nothing.",
    )
    disabled_at = serializers.DateTimeField(allow_null=True)
    disabled_reason = serializers.CharField(allow_blank=True)
    probes = ProbeShown(many=True)
    capabilities = CapabilitiesShown(allow_null=True, help_text="Null where its limits leave no key.")


class LakeFilters(Filters):
    flavor = Word(Flavor, required=False)


class Options(serializers.DictField):
    """Texts by name."""

    child = Text(max_length=300, allow_blank=True)


class LakeInput(Input):
    """Which of the fields, and which `options`, a connection has goes by its flavor."""

    organization_id = Uid()
    name = Text(max_length=120)
    flavor = Word(Flavor)
    endpoint = Text(max_length=300)
    sts_endpoint = Text(required=False, allow_blank=True, max_length=300)
    iam_endpoint = Text(required=False, allow_blank=True, max_length=300)
    region = Text(required=False, allow_blank=True, max_length=40)
    country = Country()
    operator_ref = Text(required=False, allow_blank=True, max_length=20)
    role_arn = Text(required=False, allow_blank=True, max_length=300)
    options = Options(required=False)
    secret_ref = Text(max_length=60)
    roots = Several(child=Text(max_length=600), min_length=1, max_length=200)
    ttl_min_seconds = Whole(required=False, allow_null=True, min_value=1, max_value=LONGEST_TTL_SECONDS)
    ttl_max_seconds = Whole(required=False, allow_null=True, min_value=1, max_value=LONGEST_TTL_SECONDS)


class LakeChange(Input):
    endpoint = Text(max_length=300)
    sts_endpoint = Text(allow_blank=True, max_length=300)
    region = Text(max_length=40)
    operator_ref = Text(allow_blank=True, max_length=20)
    role_arn = Text(max_length=300)
    options = Options(help_text="Those that are named are changed.")
    secret_ref = Text(max_length=60)
    roots = Several(child=Text(max_length=600), min_length=1, max_length=200)
    ttl_max_seconds = Whole(min_value=1, max_value=LONGEST_TTL_SECONDS)


class DisableInput(Input):
    reason = Text(allow_blank=True, max_length=10_000)


class HaltInput(DisableInput):
    seen_impact = SeenImpact(
        help_text="The digest of the impact that was looked at; 428 without it. One more key since then is"
        " no hindrance."
    )


class Lakes(Resource):
    """Connections to data lakes."""

    slug = "lakes"
    output = LakeShown
    filters = LakeFilters

    def rows(self) -> Any:
        return queries.lakes_visible_to(self.actor)

    @creates(LakeInput)
    def create(self, given: dict[str, Any]) -> Any:
        """Connect a lake."""
        return commands.connect_lake(actor=self.actor, **given)

    @changes(LakeChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given; the connection is unverified until it is tested anew."""
        return commands.change_lake(actor=self.actor, lake_id=id, seen_version=seen, **given)

    @performs()
    def verify(self, given: dict[str, Any], id: UUID) -> Any:
        """Put the connection to the test; `probes` say what was seen."""
        return commands.verify_lake(actor=self.actor, lake_id=id)[0]

    @performs(DisableInput)
    def disable(self, given: dict[str, Any], id: UUID) -> Any:
        """Give no new key for it and take no new place in it; keys already given live on until they end."""
        return commands.disable_lake(actor=self.actor, lake_id=id, **given)

    @performs(HaltInput)
    def halt(self, given: dict[str, Any], id: UUID) -> Any:
        """Disable it, and end every key that it gave: before answering where it can be, else without end."""
        return cut_lake(actor=self.actor, lake_id=id, **given)

    @performs()
    def enable(self, given: dict[str, Any], id: UUID) -> Any:
        """Rely on a disabled lake again."""
        return commands.enable_lake(actor=self.actor, lake_id=id)


urlpatterns = addresses("lakes", Lakes)
