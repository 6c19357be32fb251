"""What is said of files of labels."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeKind
from apps.notifications.notices.wording.shape import Wording

OF_LABELS: dict[str, Wording] = {
    "labels_kept": Wording(
        kind=NoticeKind.RECORDS,
        place="label-import",
        mark=_("Labels kept"),
        sentence=_("The labels you brought for %(what)s are read and kept"),
        then=_("See what they are good for."),
    ),
    "labels_refused": Wording(
        kind=NoticeKind.RECORDS,
        place="label-import",
        mark=_("Labels refused"),
        sentence=_("The labels you brought for %(what)s were refused"),
        then=_("Its page says what is wrong and in which line. Mend that, and bring the file again."),
    ),
}
