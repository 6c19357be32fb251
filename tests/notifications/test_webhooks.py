"""Programs and rooms are told by signed messages that hold ids and no names, until they have them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import override

from apps.access import commands as access
from apps.audit.models import AuditDelivery
from apps.catalog.commands import change_asset
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.errors import Conflict, InvalidInput, InvalidState, NotFound, NotPermitted
from apps.kernel.outbound import outbound
from apps.notifications import commands
from apps.notifications.commands import delivering
from apps.notifications.commands.webhooks import opened
from apps.notifications.errors import WEBHOOK_TOKEN_ANEW
from apps.notifications.models import Channel, Notice, Webhook, WebhookDelivery
from tests.factories import accounts
from tests.factories.access import AccessWorld, asked, draft, seen
from tests.listener import Listener, answering, listening
from tests.notifications.conftest import Heard, told

SUBMITTED, REJECTED = "access.request.submitted", "access.request.rejected"
CANARY = "Payroll of the board"
TOKEN = "xoxb-canary-token"


@pytest.fixture
def receiver(settings: Any) -> Iterator[Listener]:
    """A receiver that the operator named, in plain HTTP."""
    with listening(Listener()) as listener:
        settings.OUTBOUND_INSIDE = [f"http://127.0.0.1:{listener.port}"]
        yield listener


def made(world: AccessWorld, receiver: Listener, channel: Channel = Channel.WEBHOOK, **given: Any) -> Any:
    usual: dict[str, Any] = {
        "name": "Tickets",
        "url": f"http://127.0.0.1:{receiver.port}/hook/canary-path",
        "events": [SUBMITTED, REJECTED],
    }
    return commands.create_webhook(
        actor=world["administrator"],
        organization_id=world.organization.uid,
        channel=channel,
        **{**usual, **given},
    )


def ask(world: AccessWorld) -> Any:
    return asked(world["scientist"], draft(world.personal, world.purposes["pay"]))


def send_all() -> None:
    for delivery in WebhookDelivery.objects.filter(delivered_at__isnull=True).order_by("pk"):
        delivering.send(delivery.pk, outbound())


def due_now() -> None:
    WebhookDelivery.objects.update(next_at=database_now())


def test_a_message_is_signed_so_that_the_receiver_can_tell(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    secret = made(mailed_world, receiver).secret
    request = ask(mailed_world)
    hear()
    send_all()
    message = receiver.asked[0]
    stamp = message.headers["lakewarden-timestamp"]
    wanted = hmac.new(secret.encode(), f"{stamp}.".encode() + message.body, hashlib.sha256).hexdigest()
    assert message.headers["lakewarden-signature"] == f"v1={wanted}"
    assert abs(int(stamp) - database_now().timestamp()) < 60
    payload = json.loads(message.body)
    assert (payload["event"], payload["about"]) == (SUBMITTED, str(request.uid))
    assert payload["link"] == f"http://127.0.0.1:8000/requests/{request.uid}/"
    assert payload["ids"]["request_id"] == str(request.uid)


def test_no_message_holds_a_name_a_typed_text_or_a_secret(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    change_asset(actor=SYSTEM, asset_id=mailed_world.personal.asset.uid, name=CANARY)
    receiver.behaviours = [answering(body=b'{"ok": true, "ts": "1.2", "channel": "C1"}')]
    for number, channel in enumerate(Channel):
        made(mailed_world, receiver, channel, name=f"Room {number}", token=TOKEN, room="C1")
    request = ask(mailed_world)
    access.reject_request(actor=mailed_world["owner"], reason=CANARY, **seen(request))
    hear()
    send_all()
    assert len(receiver.asked) == 2 * len(Channel)
    assert all(CANARY.encode() not in message.body for message in receiver.asked)
    names = [player.person.name.encode() for player in mailed_world.players.values()]
    assert not any(name in message.body for name in names for message in receiver.asked)
    stored = str(list(Webhook.objects.values())) + str(list(WebhookDelivery.objects.values()))
    assert TOKEN not in stored and "canary-path" not in stored


def test_an_event_delivered_twice_is_sent_once(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    made(mailed_world, receiver)
    ask(mailed_world)
    hear()
    send_all()
    AuditDelivery.objects.update(delivered_at=None)
    hear()
    send_all()
    assert len(receiver.asked) == 1


def test_what_was_not_taken_is_tried_again_ever_more_slowly(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    receiver.behaviours = [answering(500), answering(302, Location="http://127.0.0.1/"), answering(204)]
    made(mailed_world, receiver)
    ask(mailed_world)
    hear()
    send_all()
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts, delivery.status_code) == ("tried", 1, 500)
    assert delivery.next_at > database_now()
    send_all()  # not due
    assert len(receiver.asked) == 1
    for state in ("tried", "delivered"):
        due_now()
        send_all()
        delivery.refresh_from_db()
        assert delivery.state == state
    ids = {message.headers["lakewarden-delivery"] for message in receiver.asked}
    assert (len(receiver.asked), ids) == (3, {str(delivery.uid)})


def test_after_a_day_in_vain_it_is_disabled_and_administrators_hear_an_alarm(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    receiver.behaviours = [answering(500)]
    webhook = made(mailed_world, receiver).webhook
    ask(mailed_world)
    hear()
    WebhookDelivery.objects.update(attempts=delivering.MOST_ATTEMPTS - 1)
    send_all()
    webhook.refresh_from_db()
    assert not webhook.is_active
    notices = hear()
    assert told(notices, "webhook_disabled", mailed_world) == {"administrator"}
    due_now()
    send_all()
    assert len(receiver.asked) == 1
    receiver.behaviours = [answering(200)]
    commands.enable_webhook(actor=mailed_world["administrator"], webhook_id=webhook.uid)
    send_all()
    assert WebhookDelivery.objects.get().state == "delivered"


def test_a_message_may_be_sent_once_more_under_its_id(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    webhook = made(mailed_world, receiver).webhook
    administrator = mailed_world["administrator"]
    delivery = commands.test_webhook(actor=administrator, webhook_id=webhook.uid)
    send_all()
    commands.replay_delivery(actor=administrator, webhook_delivery_id=delivery.uid)
    send_all()
    assert [message.headers["lakewarden-delivery"] for message in receiver.asked] == [str(delivery.uid)] * 2
    commands.disable_webhook(actor=administrator, webhook_id=webhook.uid)
    with pytest.raises(InvalidState):
        commands.replay_delivery(actor=administrator, webhook_delivery_id=delivery.uid)
    assert not Notice.objects.filter(code="webhook_disabled").exists()


def test_an_address_inside_is_refused_when_made_and_not_called_when_it_moves_there(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener, settings: Any
) -> None:
    made(mailed_world, receiver)
    ask(mailed_world)
    hear()
    settings.OUTBOUND_INSIDE = []
    with pytest.raises(InvalidInput) as fault:
        made(mailed_world, receiver, name="Other")
    assert fault.value.reasons[0].field == "url"
    send_all()
    assert receiver.asked == []
    assert WebhookDelivery.objects.get().fault == "URL_NOT_HTTPS"


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"events": ["nothing.like.this"]}, InvalidInput),
        ({"events": ["catalog.asset.published"], "channel": Channel.TEAMS}, InvalidInput),
        ({"channel": Channel.SLACK_BOT}, InvalidInput),
        ({"name": "Tick\u202eets"}, InvalidInput),
        ({"url": "https://127.0.0.1/"}, InvalidInput),
        ({"name": "Taken"}, Conflict),
    ],
)
def test_a_webhook_that_could_not_work_is_refused(
    mailed_world: AccessWorld, receiver: Listener, given: dict[str, Any], fault: type[Exception]
) -> None:
    made(mailed_world, receiver, name="Taken")
    with pytest.raises(fault):
        made(mailed_world, receiver, **given)


@pytest.mark.parametrize("who", ["scientist", "officer", "owner"])
def test_webhooks_are_for_administrators(mailed_world: AccessWorld, receiver: Listener, who: str) -> None:
    webhook = made(mailed_world, receiver).webhook
    with pytest.raises(NotFound):
        commands.disable_webhook(actor=mailed_world[who], webhook_id=webhook.uid)
    with pytest.raises(NotPermitted):
        commands.create_webhook(
            actor=mailed_world[who],
            organization_id=mailed_world.organization.uid,
            name="Mine",
            channel=Channel.WEBHOOK,
            url="https://hooks.example/",
            events=[SUBMITTED],
        )


def test_a_change_keeps_the_secret_and_leaves_what_is_not_given(
    mailed_world: AccessWorld, receiver: Listener
) -> None:
    new = made(mailed_world, receiver)
    url = f"http://127.0.0.1:{receiver.port}/elsewhere"
    changed = commands.change_webhook(
        actor=mailed_world["administrator"], webhook_id=new.webhook.uid, url=url, events=[REJECTED]
    )
    assert (opened(changed).url, opened(changed).secret) == (url, new.secret)
    assert (changed.name, changed.events) == ("Tickets", [REJECTED])


def test_the_token_of_a_bot_is_not_sent_to_another_place_than_it_was_given_for(
    mailed_world: AccessWorld, receiver: Listener, settings: Any
) -> None:
    elsewhere = f"http://127.0.0.1:{receiver.port + 1}"
    settings.OUTBOUND_INSIDE = [*settings.OUTBOUND_INSIDE, elsewhere]
    new = made(mailed_world, receiver, Channel.SLACK_BOT, token=TOKEN, room="C024")
    given = {"actor": mailed_world["administrator"], "webhook_id": new.webhook.uid}
    with pytest.raises(InvalidInput) as refusal:
        commands.change_webhook(**given, url=f"{elsewhere}/api")
    assert (refusal.value.code, refusal.value.reasons[0].field) == (WEBHOOK_TOKEN_ANEW, "token")
    assert opened(Webhook.objects.get(pk=new.webhook.pk)).url.startswith(f"http://127.0.0.1:{receiver.port}/")
    commands.change_webhook(**given, url=f"http://127.0.0.1:{receiver.port}/other")
    changed = commands.change_webhook(**given, url=f"{elsewhere}/api", token="xoxb-another")
    assert opened(changed).secret == "xoxb-another"


def test_a_bot_of_slack_changes_its_message_as_the_request_moves_on(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    receiver.behaviours = [answering(body=b'{"ok": true, "ts": "17.04", "channel": "C024"}')]
    url = f"http://127.0.0.1:{receiver.port}/api"
    made(mailed_world, receiver, Channel.SLACK_BOT, url=url, token=TOKEN, room="C024")
    request = ask(mailed_world)
    hear()
    send_all()
    access.reject_request(actor=mailed_world["owner"], reason="No.", **seen(request))
    hear()
    send_all()
    first, second = receiver.asked
    assert (first.target, second.target) == ("/api/chat.postMessage", "/api/chat.update")
    assert first.headers["authorization"] == f"Bearer {TOKEN}"
    posted, updated = json.loads(first.body), json.loads(second.body)
    assert posted["channel"] == "C024" and "waits for an answer" in posted["text"]
    assert (updated["channel"], updated["ts"]) == ("C024", "17.04")
    assert "rejected" in updated["blocks"][0]["text"]["text"]
    assert f"/requests/{request.uid}/" in updated["blocks"][0]["text"]["text"]


def test_a_no_of_slack_in_a_200_is_a_no(mailed_world: AccessWorld, hear: Heard, receiver: Listener) -> None:
    receiver.behaviours = [answering(body=b'{"ok": false, "error": "channel_not_found"}')]
    made(mailed_world, receiver, Channel.SLACK_BOT, token=TOKEN, room="C024")
    ask(mailed_world)
    hear()
    send_all()
    assert WebhookDelivery.objects.get().state == "tried"


@pytest.mark.parametrize("channel", [Channel.SLACK, Channel.TEAMS])
def test_a_room_that_cannot_change_messages_gets_a_further_one(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener, channel: Channel
) -> None:
    made(mailed_world, receiver, channel)
    request = ask(mailed_world)
    hear()
    send_all()
    access.reject_request(actor=mailed_world["owner"], reason="No.", **seen(request))
    hear()
    with override("de"):  # of whoever happens to act
        send_all()
    first, second = (json.loads(message.body) for message in receiver.asked)
    if channel is Channel.TEAMS:
        card = second["attachments"][0]["content"]
        assert second["attachments"][0]["contentType"] == "application/vnd.microsoft.card.adaptive"
        assert (card["type"], card["body"][1]["text"]) == ("AdaptiveCard", "rejected")
        assert card["actions"][0]["url"].endswith(f"/requests/{request.uid}/")
    else:
        assert "waits for an answer" in first["text"] and "rejected" in second["text"]


def test_another_organizations_events_are_not_told(
    mailed_world: AccessWorld, hear: Heard, receiver: Listener
) -> None:
    elsewhere = accounts.organization()
    commands.create_webhook(
        actor=SYSTEM,
        organization_id=elsewhere.uid,
        name="Tickets",
        channel=Channel.WEBHOOK,
        url=f"http://127.0.0.1:{receiver.port}/",
        events=[SUBMITTED],
    )
    ask(mailed_world)
    hear()
    assert not WebhookDelivery.objects.exists()
