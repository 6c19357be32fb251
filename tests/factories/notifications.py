"""Notices and webhooks. Notices are rows that only the listener writes: they are made as it would."""

from __future__ import annotations

import itertools
from typing import Any

from apps.accounts.models import Account, Organization
from apps.kernel.actor import SYSTEM
from apps.kernel.clock import database_now
from apps.kernel.ids import new_uid
from apps.notifications.commands import create_webhook, test_webhook
from apps.notifications.models import Channel, MailMode, Notice, NoticeKind, Webhook, WebhookDelivery

_numbers = itertools.count(1)


def notice(account: Account, **given: Any) -> Notice:
    """That a purpose was withdrawn."""
    now = database_now()
    made: dict[str, Any] = {
        "event_uid": new_uid(),
        "event_name": "compliance.purpose.withdrawn",
        "code": "purpose_withdrawn",
        "kind": NoticeKind.ACCESS,
        "person": account.person,
        "account": account,
        "place": "grants",
        "facts": {"ref": "PU-0001"},
        "mail": MailMode.AT_ONCE,
        "mail_next_at": now,
        "created_at": now,
    }
    return Notice.objects.create(**{**made, **given})


def webhook(organization: Organization, **given: Any) -> Webhook:
    made: dict[str, Any] = {
        "name": f"Webhook {next(_numbers)}",
        "channel": Channel.WEBHOOK,
        "url": "https://hooks.example.org/in",
        "events": ["access.request.submitted"],
    }
    new = create_webhook(actor=SYSTEM, organization_id=organization.uid, **{**made, **given})
    found: Webhook = new.webhook
    return found


def delivery(hook: Webhook) -> WebhookDelivery:
    made: WebhookDelivery = test_webhook(actor=SYSTEM, webhook_id=hook.uid)
    return made
