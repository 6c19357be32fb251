"""What one is told, and who else is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework import serializers

from apps.accounts.queries import people_visible_to
from apps.api.addresses import addresses
from apps.api.fields import Filters, Input, Output, Several, Shown, Text, Uid, Word
from apps.api.resource import Resource, changes, creates, performs
from apps.kernel.clock import database_now
from apps.notifications import commands, queries
from apps.notifications.queries import Channel, MailMode, NoticeKind

LONGEST_URL = 2000


class NoticeShown(Output):
    """`link` opens a page. Names of assets are told on it to who may see them, and not here."""

    id = serializers.UUIDField(source="uid")
    created_at = serializers.DateTimeField()
    event = serializers.CharField(source="event_name")
    code = serializers.CharField()
    kind = Word(NoticeKind)
    about_id = serializers.UUIDField(source="about_uid", allow_null=True)
    facts = serializers.DictField()
    link = serializers.SerializerMethodField()
    read_at = serializers.DateTimeField(allow_null=True)

    def get_link(self, notice: Any) -> str:
        return queries.link_of(notice)


class NoticeFilters(Filters):
    kind = Word(NoticeKind, required=False)
    unread = serializers.BooleanField(source="read_at__isnull", required=False)


class CountShown(Output):
    count = serializers.IntegerField()


class Notifications(Resource):
    """What the caller is told, newest first."""

    slug = "notifications"
    output = NoticeShown
    filters = NoticeFilters

    def rows(self) -> Any:
        return queries.notices_visible_to(self.actor)

    @performs()
    def read(self, given: dict[str, Any], id: UUID) -> Any:
        """Mark as read."""
        return commands.note_read(self.actor, id, at=database_now())

    @performs(on_collection=True, output=CountShown)
    def read_all(self, given: dict[str, Any]) -> Any:
        """Mark all as read; says how many were unread."""
        return {"count": commands.note_all_read(self.actor, at=database_now())}


class PreferenceShown(Output):
    kind = Word(NoticeKind)
    mail = Word(MailMode, source="mode")
    is_mandatory = serializers.BooleanField()
    language = serializers.CharField(help_text="Of the mail, whatever it is about.")


class PreferenceInput(Input):
    kind = Word(NoticeKind)
    mail = Word(MailMode)


class LanguageInput(Input):
    language = Text(max_length=10, help_text="One of those the portal speaks, such as de.")


class LanguageShown(Output):
    language = serializers.CharField()


class Preferences(Resource):
    """How the caller is mailed about each kind. In the portal all are shown, always."""

    slug = "notification-preferences"
    output = PreferenceShown
    reads = False

    def rows(self) -> Any:
        return queries.preferences_of(self.actor)

    @performs(PreferenceInput, on_collection=True)
    def choose(self, given: dict[str, Any]) -> Any:
        """Choose how to be mailed about a kind."""
        person = self._oneself()
        kind: NoticeKind = given["kind"]
        commands.choose_mail(actor=self.actor, person_id=person.uid, kind=kind, mode=given["mail"])
        return next(row for row in queries.preferences_of(self.actor) if row.kind is kind)

    @performs(LanguageInput, on_collection=True, output=LanguageShown)
    def choose_language(self, given: dict[str, Any]) -> Any:
        """Choose in which language to be mailed."""
        return commands.choose_mail_language(actor=self.actor, person_id=self._oneself().uid, **given)

    def _oneself(self) -> Any:
        return people_visible_to(self.actor).filter(pk=self.actor.person_key).get()


class WebhookShown(Shown):
    """`origin` is all that is shown of the address: the rest of it may be a secret."""

    organization_id = serializers.UUIDField(source="organization.uid")
    name = serializers.CharField()
    channel = Word(Channel)
    origin = serializers.CharField()
    room = serializers.CharField()
    events = Several(child=serializers.CharField())
    is_active = serializers.BooleanField()
    disabled_at = serializers.DateTimeField(allow_null=True)


class WebhookOnce(Output):
    """`secret` signs messages to a program; shown in this answer and nowhere else. Empty for chat rooms."""

    webhook = WebhookShown()
    secret = serializers.CharField()


class WebhookInput(Input):
    organization_id = Uid()
    name = Text(max_length=120)
    channel = Word(Channel)
    url = Text(max_length=LONGEST_URL)
    events = Several(child=Text(max_length=100), min_length=1, max_length=100)
    token = Text(required=False, max_length=500, help_text="Of a Slack bot.")
    room = Text(required=False, max_length=120, help_text="The channel a Slack bot writes in.")


class WebhookChange(Input):
    name = Text(max_length=120)
    url = Text(max_length=LONGEST_URL)
    events = Several(child=Text(max_length=100), min_length=1, max_length=100)
    token = Text(max_length=500)
    room = Text(allow_blank=True, max_length=120)


class DeliveryShown(Shown):
    """What came back is told by its status only."""

    webhook_id = serializers.UUIDField(source="webhook.uid")
    event = serializers.CharField(source="event_name")
    payload = serializers.DictField()
    attempts = serializers.IntegerField()
    next_at = serializers.DateTimeField()
    delivered_at = serializers.DateTimeField(allow_null=True)
    status_code = serializers.IntegerField(allow_null=True)
    fault = serializers.CharField()


class DeliveryFilters(Filters):
    webhook = Uid(source="webhook__uid", required=False)
    delivered = serializers.BooleanField(required=False)


class Webhooks(Resource):
    """Programs and chat rooms that are told. For administrators."""

    slug = "webhooks"
    output = WebhookShown

    def rows(self) -> Any:
        return queries.webhooks_visible_to(self.actor)

    def uid_of(self, row: Any) -> UUID:
        uid: UUID = row.webhook.uid
        return uid

    @creates(WebhookInput, output=WebhookOnce, keeps_answer=False)
    def create(self, given: dict[str, Any]) -> Any:
        """Make a webhook. Its secret is in this answer and nowhere else; a replay is answered 409."""
        return commands.create_webhook(actor=self.actor, **given)

    @changes(WebhookChange)
    def partial_update(self, given: dict[str, Any], seen: int | None, id: UUID) -> Any:
        """Change what is given."""
        return commands.change_webhook(actor=self.actor, webhook_id=id, seen_version=seen, **given)

    @performs()
    def disable(self, given: dict[str, Any], id: UUID) -> Any:
        """Send nothing more to it."""
        return commands.disable_webhook(actor=self.actor, webhook_id=id)

    @performs()
    def enable(self, given: dict[str, Any], id: UUID) -> Any:
        """Send to it again, first what waits."""
        return commands.enable_webhook(actor=self.actor, webhook_id=id)

    @performs(output=DeliveryShown)
    def test(self, given: dict[str, Any], id: UUID) -> Any:
        """Send a message that says it is a test."""
        return commands.test_webhook(actor=self.actor, webhook_id=id)


class Deliveries(Resource):
    """Messages to webhooks, newest first."""

    slug = "webhook-deliveries"
    output = DeliveryShown
    filters = DeliveryFilters

    def rows(self) -> Any:
        return queries.deliveries_visible_to(self.actor)

    def filtered(self, rows: Any) -> Any:
        delivered = self.query.pop("delivered", None)
        if delivered is not None:
            rows = rows.filter(delivered_at__isnull=not delivered)
        return super().filtered(rows)

    @performs()
    def replay(self, given: dict[str, Any], id: UUID) -> Any:
        """Send it once more, under the id it had."""
        return commands.replay_delivery(actor=self.actor, webhook_delivery_id=id)


urlpatterns = [
    *addresses("notifications", Notifications),
    *addresses("notification-preferences", Preferences),
    *addresses("webhooks", Webhooks),
    *addresses("webhook-deliveries", Deliveries),
]
