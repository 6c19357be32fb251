"""What notices say. `mark` stands in brackets before the subject of a mail; `then` is what to do about it."""

from __future__ import annotations

from apps.notifications.models import NoticeKind
from apps.notifications.notices.wording.keys import OF_KEYS
from apps.notifications.notices.wording.labeling import OF_RELEASES
from apps.notifications.notices.wording.preparing import OF_VIEWS
from apps.notifications.notices.wording.programs import OF_PROGRAMS
from apps.notifications.notices.wording.shape import Wording
from apps.notifications.notices.wording.work import OF_WORK

WORDINGS: dict[str, Wording] = {**OF_WORK, **OF_KEYS, **OF_VIEWS, **OF_RELEASES, **OF_PROGRAMS}
USUAL_MAIL = {
    NoticeKind.DECISIONS: "at_once",
    NoticeKind.REQUESTS: "at_once",
    NoticeKind.ACCESS: "at_once",
    NoticeKind.RECORDS: "digest",
    NoticeKind.ALARMS: "at_once",
}

__all__ = ["USUAL_MAIL", "WORDINGS", "Wording"]
