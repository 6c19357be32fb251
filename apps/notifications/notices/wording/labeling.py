"""What is said of releases of models."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeKind
from apps.notifications.notices.wording.shape import Wording

OF_RELEASES: dict[str, Wording] = {
    "release_fell": Wording(
        kind=NoticeKind.ALARMS,
        place="release",
        mark=_("Release no longer holds"),
        sentence=_("Version %(number)s of %(what)s is released, and a condition of that is no longer met"),
        then=_("See which one it is, and mend it, or withdraw the release."),
    ),
}
