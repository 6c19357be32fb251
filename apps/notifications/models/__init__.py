from apps.notifications.models.notice import MailMode, MailPreference, Notice, NoticeKind
from apps.notifications.models.webhook import Channel, Webhook, WebhookDelivery

__all__ = ["Channel", "MailMode", "MailPreference", "Notice", "NoticeKind", "Webhook", "WebhookDelivery"]
