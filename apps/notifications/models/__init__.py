from apps.notifications.models.notice import MailLanguage, MailMode, MailPreference, Notice, NoticeKind
from apps.notifications.models.webhook import Channel, Webhook, WebhookDelivery

__all__ = [
    "Channel",
    "MailLanguage",
    "MailMode",
    "MailPreference",
    "Notice",
    "NoticeKind",
    "Webhook",
    "WebhookDelivery",
]
