from __future__ import annotations

from apps.access.commands import disable_ticket_system
from apps.accounts.roles import Role
from apps.kernel.actor import SYSTEM
from apps.notifications.commands import disable_webhook
from tests.api.matrix.row import Call, Row, etag, everybody, only
from tests.factories import notifications as make
from tests.factories import tickets as make_ticket
from tests.factories.accounts import World

ADMIN = Role.ADMINISTRATOR


def owners_notice(world: World) -> Call:
    return Call(path={"id": make.notice(world[Role.OWNER].account).uid})


def choice(world: World) -> Call:
    return Call(body={"kind": "records", "mail": "none"})


def language(world: World) -> Call:
    return Call(body={"language": "de"})


def webhook(world: World) -> Call:
    found = make.webhook(world.organization)
    return Call(path={"id": found.uid}, body={"name": "Another"}, etag=etag(found))


def to_act_on(world: World) -> Call:
    return Call(path={"id": make.webhook(world.organization).uid})


def disabled(world: World) -> Call:
    found = make.webhook(world.organization)
    disable_webhook(actor=SYSTEM, webhook_id=found.uid)
    return Call(path={"id": found.uid})


def new_webhook(world: World) -> Call:
    return Call(
        body={
            "organization_id": str(world.organization.uid),
            "name": "New",
            "channel": "webhook",
            "url": "https://hooks.example.org/in",
            "events": ["access.request.submitted"],
        }
    )


def delivery(world: World) -> Call:
    return Call(path={"id": make.delivery(make.webhook(world.organization)).uid})


def ticket_system(world: World) -> Call:
    found = make_ticket.system(world.organization)
    return Call(path={"id": found.uid}, body={"tells_assets": True}, etag=etag(found))


def system_to_act_on(world: World) -> Call:
    return Call(path={"id": make_ticket.system(world.organization).uid})


def disabled_system(world: World) -> Call:
    found = make_ticket.system(world.organization)
    disable_ticket_system(actor=SYSTEM, ticket_system_id=found.uid)
    return Call(path={"id": found.uid})


def new_ticket_system(world: World) -> Call:
    return Call(
        body={
            "organization_id": str(world.organization.uid),
            "name": "OPS",
            "url": "https://tickets.example.org/check",
        }
    )


def admins_alone(method: str, url: str, make_call: object) -> Row:
    answers = only(ADMIN, gets=200, others=404)
    return Row(url=url, method=method, answers=answers, make=make_call)  # type: ignore[arg-type]


def owners_alone(method: str, url: str) -> Row:
    return Row(url=url, method=method, answers=only(Role.OWNER, gets=200, others=404), make=owners_notice)


ROWS = [
    Row(url="notifications-list", method="GET", answers=everybody(200)),
    owners_alone("GET", "notifications-detail"),
    owners_alone("POST", "notifications-read"),
    Row(url="notifications-read-all", method="POST", answers=everybody(200)),
    Row(url="notification-preferences-list", method="GET", answers=everybody(200)),
    Row(url="notification-preferences-choose", method="POST", answers=everybody(200), make=choice),
    Row(
        url="notification-preferences-choose-language",
        method="POST",
        answers=everybody(200),
        make=language,
    ),
    Row(url="webhooks-list", method="GET", answers=everybody(200)),
    Row(url="webhooks-list", method="POST", answers=only(ADMIN, gets=201, others=403), make=new_webhook),
    admins_alone("GET", "webhooks-detail", webhook),
    admins_alone("PATCH", "webhooks-detail", webhook),
    admins_alone("POST", "webhooks-disable", to_act_on),
    admins_alone("POST", "webhooks-enable", disabled),
    admins_alone("POST", "webhooks-test", to_act_on),
    Row(url="webhook-deliveries-list", method="GET", answers=everybody(200)),
    admins_alone("GET", "webhook-deliveries-detail", delivery),
    Row(url="ticket-systems-list", method="GET", answers=everybody(200)),
    Row(
        url="ticket-systems-list",
        method="POST",
        answers=only(ADMIN, gets=201, others=403),
        make=new_ticket_system,
    ),
    admins_alone("GET", "ticket-systems-detail", ticket_system),
    admins_alone("PATCH", "ticket-systems-detail", ticket_system),
    admins_alone("POST", "ticket-systems-renew-secret", system_to_act_on),
    admins_alone("POST", "ticket-systems-disable", system_to_act_on),
    admins_alone("POST", "ticket-systems-enable", disabled_system),
    admins_alone("POST", "webhook-deliveries-replay", delivery),
]
