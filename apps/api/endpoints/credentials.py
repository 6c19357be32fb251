"""Keys and the leases that record them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.api.addresses import addresses
from apps.api.fields import Filters, Output, Several, Shown, Uid, Word
from apps.api.resource import Resource, performs
from apps.credentials import commands, queries
from apps.credentials.queries import Access, Answered, Doing, LeaseState, LogKind, Whereabouts
from apps.lakes.queries import TRAITS, Flavor

PARTS = "The secret itself, by the names its flavor has: " + "; ".join(
    f"{flavor.value}: {', '.join(traits.parts)}" for flavor, traits in TRAITS.items()
)


class ScopeShown(Output):
    version_id = serializers.UUIDField(source="version.uid")
    bucket = serializers.CharField()
    prefix = serializers.CharField()
    access = Word(Access)
    columns = Several(child=serializers.CharField(), allow_null=True, help_text="Null: with all of them.")


class UsedShown(Output):
    """What was asked for with a key, as the lake's log tells it, in requests and bytes."""

    allowed = serializers.IntegerField(help_text="Requests that the lake carried out.")
    written = serializers.IntegerField(help_text="Those of them that wrote or deleted.")
    denied = serializers.IntegerField(help_text="Requests that the lake refused.")
    strayed = serializers.IntegerField(help_text="Those of them for a place that the key does not open.")
    size = serializers.IntegerField(help_text="Bytes that were read or written.")
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)


class LeaseShown(Shown):
    grant_id = serializers.UUIDField(source="grant.uid")
    person_id = serializers.UUIDField(source="person.uid")
    state = Word(LeaseState)
    scopes = ScopeShown(source="scopes.all", many=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    times_given = serializers.IntegerField(help_text="How often the key left the portal.")
    given_at = serializers.DateTimeField(allow_null=True, help_text="The last time.")
    expires_at = serializers.DateTimeField(help_text="The latest moment at which the key can work.")
    revoke_requested_at = serializers.DateTimeField(allow_null=True)
    revoke_effect = serializers.CharField()
    ended_at = serializers.DateTimeField(allow_null=True)
    dead_everywhere_at = serializers.DateTimeField(
        allow_null=True, help_text="When the last server of the provider has heard of the end."
    )
    fault = serializers.CharField()
    use = UsedShown(
        allow_null=True, default=None, help_text="Null where no log tells of it, or it was never used."
    )


class SnippetShown(Output):
    """Code to paste, with the key in it."""

    id = serializers.CharField(help_text="The library or language.")
    name = serializers.CharField()
    text = serializers.CharField()


class OfS3(serializers.CharField):
    """A part by which scripts for S3 have known their key from the beginning; null on other lakes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_null=True, default=None, read_only=True, **options)


class CredentialShown(Output):
    """Shown once. Nobody, the portal included, can show it again."""

    lease_id = serializers.UUIDField(source="lease.uid")
    expires_at = serializers.DateTimeField(source="lease.expires_at")
    flavor = Word(Flavor, source="lease.lake.flavor")
    endpoint = serializers.CharField(source="lease.lake.endpoint")
    region = serializers.CharField(source="lease.lake.region")
    scopes = ScopeShown(source="lease.scopes.all", many=True)
    access_key_id = OfS3(source="parts.access_key_id")
    secret_access_key = OfS3(source="parts.secret_access_key")
    session_token = OfS3(source="parts.session_token")
    parts = serializers.DictField(child=serializers.CharField(), help_text=PARTS)
    snippets = SnippetShown(many=True)


class GrantCredentials(Resource):
    """Keys of a grant."""

    slug = "grant-credentials"
    output = CredentialShown
    lists = False
    reads = False

    @performs(output=CredentialShown, status=201, on_collection=True)
    def credentials(self, given: dict[str, Any], grant_id: UUID) -> Any:
        """Take a key for what the grant covers now.

        With an `Idempotency-Key` the same request makes one key and no more: repeated, it answers 409 and
        names the lease.
        """
        key = self.request.headers.get("Idempotency-Key", "")
        taken = commands.take_credential(actor=self.actor, grant_id=grant_id, idempotency_key=key)
        return {
            "lease": taken.lease,
            "parts": taken.secret.reveal(),
            "snippets": queries.snippets_of_key(taken.lease, taken.secret),
        }


class LeaseFilters(Filters):
    state = Word(LeaseState, required=False)
    grant = Uid(source="grant__uid", required=False)


class Leases(Resource):
    """The records of issued keys."""

    slug = "leases"
    output = LeaseShown
    filters = LeaseFilters

    def rows(self) -> Any:
        return queries.leases_visible_to(self.actor)

    @performs()
    def revoke(self, given: dict[str, Any], id: UUID) -> Any:
        """Cut one key, and leave the grant."""
        return commands.revoke_lease(actor=self.actor, lease_id=id)


class GrantLeases(Resource):
    """The leases of a grant."""

    slug = "grant-leases"
    output = LeaseShown
    reads = False

    def rows(self) -> Any:
        return queries.leases_of(self.actor, self.kwargs["grant_id"])


class TouchShown(Output):
    """How often a key asked for one folder on one day."""

    id = serializers.UUIDField(source="uid")
    lease_id = serializers.UUIDField(source="lease.uid")
    person_id = serializers.UUIDField(source="lease.person.uid")
    day = serializers.DateField(help_text="In UTC.")
    whereabouts = Word(Whereabouts, help_text="Seen from what the key opens.")
    bucket = serializers.CharField()
    prefix = serializers.CharField(
        source="scope.prefix", default="", help_text="Of what the key opens; empty where it is elsewhere."
    )
    folder = serializers.CharField(help_text="Behind the prefix; an asterisk stands for all further ones.")
    doing = Word(Doing)
    answered = Word(Answered)
    times = serializers.IntegerField()
    size = serializers.IntegerField(help_text="Bytes that were read or written.")
    first_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()


class GrantTouches(Resource):
    """What the keys of a grant touched and what was refused to them, by day and folder."""

    slug = "grant-touches"
    output = TouchShown
    reads = False

    def rows(self) -> Any:
        return queries.touches_of(self.actor, self.kwargs["grant_id"])


class LogShown(Output):
    """A log that is read, and what was found in it."""

    id = serializers.UUIDField(source="uid")
    kind = Word(LogKind)
    place = serializers.CharField()
    begun_at = serializers.DateTimeField()
    read_at = serializers.DateTimeField()
    counted = serializers.IntegerField()
    repeated = serializers.IntegerField(help_text="Told before, and counted then.")
    others = serializers.IntegerField(help_text="By no key that the portal gave for this lake.")
    misdated = serializers.IntegerField(help_text="Dated too long ago, or ahead.")
    unreadable = serializers.IntegerField(help_text="Not understood, and passed over.")


class LakeLogs(Resource):
    """The logs from which the portal learns what the keys of a lake touched."""

    slug = "lake-logs"
    output = LogShown
    reads = False

    def rows(self) -> Any:
        return queries.logs_of(self.actor, self.kwargs["lake_id"])


class OverdueShown(Shown):
    """A key that was to end, and whose lake could not be told yet."""

    lake_id = serializers.UUIDField(source="lake.uid")
    person_id = serializers.UUIDField(source="person.uid")
    revoke_requested_at = serializers.DateTimeField()
    exposure = serializers.DurationField(help_text="For so long it may have worked on after it was to end.")
    expires_at = serializers.DateTimeField(help_text="When it ends by itself.")
    attempts = serializers.IntegerField()
    next_attempt_at = serializers.DateTimeField(allow_null=True)
    fault = serializers.CharField(help_text="What stood in the way at the last attempt.")


class OverdueRevocations(Resource):
    """Revocations that were tried in vain at least six times, for those who answer for the lakes."""

    slug = "overdue-revocations"
    output = OverdueShown
    reads = False

    def rows(self) -> Any:
        return queries.overdue_revocations(self.actor)


urlpatterns = [
    *addresses("overdue-revocations", OverdueRevocations),
    *addresses("grants/<uuid:grant_id>", GrantCredentials),
    *addresses("grants/<uuid:grant_id>/leases", GrantLeases),
    *addresses("grants/<uuid:grant_id>/touches", GrantTouches),
    *addresses("lakes/<uuid:lake_id>/logs", LakeLogs),
    *addresses("leases", Leases),
]
