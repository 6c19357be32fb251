from apps.notifications.models import Channel, MailMode, NoticeKind
from apps.notifications.notices import told_to_programs
from apps.notifications.queries.notices import (
    Preference,
    ShownNotice,
    language_of,
    link_of,
    notices_visible_to,
    preferences_of,
    shown,
    unread_of,
)
from apps.notifications.queries.webhooks import (
    deliveries_visible_to,
    demand_manager,
    may_manage,
    webhooks_visible_to,
)

__all__ = [
    "Channel",
    "MailMode",
    "NoticeKind",
    "Preference",
    "ShownNotice",
    "deliveries_visible_to",
    "demand_manager",
    "language_of",
    "link_of",
    "may_manage",
    "notices_visible_to",
    "preferences_of",
    "shown",
    "told_to_programs",
    "unread_of",
    "webhooks_visible_to",
]
