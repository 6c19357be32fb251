"""The trail, read-only."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from apps.access.queries import without_concealed
from apps.accounts.queries import trail_visible_to
from apps.api.addresses import addresses
from apps.api.fields import Filters, Moment, Output, Uid, Word
from apps.api.resource import Resource
from apps.audit.queries import Outcome
from apps.kernel.actor import ActorKind


class PersonalFields(serializers.DictField):
    """The fields that may hold personal data; erasure empties this."""

    child = serializers.CharField()

    def to_representation(self, rows: Any) -> dict[str, str]:
        return {row.field: row.value for row in rows.all()}


class EventShown(Output):
    id = serializers.UUIDField(source="uid")
    at = serializers.DateTimeField()
    name = serializers.CharField()
    outcome = Word(Outcome)
    subject_id = serializers.UUIDField(source="subject_uid", allow_null=True)
    actor_kind = Word(ActorKind)
    actor_account_id = serializers.UUIDField(source="actor_account", allow_null=True)
    actor_person_id = serializers.UUIDField(source="actor_person", allow_null=True)
    request_id = serializers.CharField()
    data = serializers.DictField()  # type: ignore[assignment]
    personal = PersonalFields()
    commitments = serializers.DictField(child=serializers.CharField())


class EventFilters(Filters):
    """`from` and `to` are words of Python and cannot stand below as names."""

    name = serializers.CharField(required=False, max_length=100)
    subject = Uid(source="subject_uid", required=False)
    actor = Uid(required=False, help_text="The person who acted.")
    outcome = Word(Outcome, required=False)

    def get_fields(self) -> Any:
        at_least = Moment(source="at__gte", required=False)
        below = Moment(source="at__lt", required=False, help_text="Exclusive.")
        return {**super().get_fields(), "from": at_least, "to": below}


class Events(Resource):
    """What happened and what was refused, newest first. For those who may read the trail."""

    slug = "audit-events"
    output = EventShown
    filters = EventFilters
    reads = False

    def rows(self) -> Any:
        events = trail_visible_to(self.actor, person_id=self.query.pop("actor", None))
        return without_concealed(self.actor, events)


urlpatterns = addresses("audit/events", Events)
