"""What is said of programs for which nobody can answer."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeKind
from apps.notifications.notices.wording.shape import Wording

OF_PROGRAMS: dict[str, Wording] = {
    "program_unanswered": Wording(
        kind=NoticeKind.ACCESS,
        place="service-account",
        mark=_("Nobody answers for it"),
        sentence=_("A service account of %(who)s has nobody who can answer for it"),
        then=_("It stops at %(ends)s, unless it is handed over, or %(who)s can answer for it again."),
    ),
    "program_suspended": Wording(
        kind=NoticeKind.ACCESS,
        place="service-account",
        mark=_("Service account stopped"),
        sentence=_("A service account of %(who)s was stopped: nobody answered for it"),
        then=_("Its tokens and keys have ended. Whoever takes it over asks for its access anew."),
    ),
}
