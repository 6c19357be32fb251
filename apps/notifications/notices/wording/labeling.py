"""What is said of releases of models, of items that were to be erased, and of labels measured anew."""

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
    "erasure_overdue": Wording(
        kind=NoticeKind.ALARMS,
        place="version-items",
        mark=_("Erasure overdue"),
        sentence=_(
            "Items of version %(number)s of %(what)s were to be erased within a day, and are still there"
        ),
        then=_("Erase them, and name the duty that it answers; its labels are blocked until then."),
    ),
    "annotator_paused": Wording(
        kind=NoticeKind.ALARMS,
        place="roster",
        mark=_("Annotator paused"),
        sentence=_(
            "Annotator %(annotator)s is paused under %(ref)s: label set %(number)s of %(what)s shows that"
            " they were not steady"
        ),
        then=_("Look at their answers; once they were trained anew, somebody else lifts the pause."),
    ),
    "pause_lifted": Wording(
        kind=NoticeKind.ALARMS,
        place="roster",
        mark=_("Pause lifted"),
        sentence=_("Annotator %(annotator)s may label again under %(ref)s"),
        then=_("Ask for access to label, where it ended meanwhile."),
    ),
    "labels_worse": Wording(
        kind=NoticeKind.ALARMS,
        place="label-set",
        mark=_("Labels good for less"),
        sentence=_("Label set %(number)s of %(what)s was measured anew, and is good for less than before"),
        then=_("See which check it no longer meets, and have its items labeled anew where that mends it."),
    ),
}
