"""What is said of prepared views."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeKind
from apps.notifications.notices.wording.shape import Wording

OF_VIEWS: dict[str, Wording] = {
    "view_proposed": Wording(
        kind=NoticeKind.RECORDS,
        place="view",
        mark=_("Second person needed"),
        sentence=_("Somebody wants to prepare the view «%(view)s» of %(what)s"),
        then=_("Look at what becomes of each column, and confirm it or turn it down."),
    ),
    "view_ready": Wording(
        kind=NoticeKind.RECORDS,
        place="view",
        mark=_("View ready"),
        sentence=_("The view «%(view)s» of %(what)s is ready"),
        then=_("It was registered as a draft. See its classification and publish it."),
    ),
    "view_failed": Wording(
        kind=NoticeKind.RECORDS,
        place="view",
        mark=_("View not possible"),
        sentence=_("The view «%(view)s» of %(what)s could not be prepared"),
        then=_("Its page says what stood in the way. Mend that, and try again."),
    ),
    "view_rejected": Wording(
        kind=NoticeKind.RECORDS,
        place="view",
        mark=_("Turned down"),
        sentence=_("The view «%(view)s» of %(what)s was turned down"),
        then=_("Its page says what should be otherwise."),
    ),
}
