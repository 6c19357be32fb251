from apps.notifications.commands.preferences import choose_mail, choose_mail_language
from apps.notifications.commands.telling import note_all_read, note_read
from apps.notifications.commands.webhooks import (
    NewWebhook,
    change_webhook,
    create_webhook,
    disable_webhook,
    enable_webhook,
    replay_delivery,
    test_webhook,
)

__all__ = [
    "NewWebhook",
    "change_webhook",
    "choose_mail",
    "choose_mail_language",
    "create_webhook",
    "disable_webhook",
    "enable_webhook",
    "note_all_read",
    "note_read",
    "replay_delivery",
    "test_webhook",
]
