"""What is said of keys and lakes."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from apps.notifications.models import NoticeKind
from apps.notifications.notices.wording.shape import Wording

OF_KEYS: dict[str, Wording] = {
    "lease_outlives": Wording(
        kind=NoticeKind.ALARMS,
        place="grant",
        mark=_("A key may still work"),
        sentence=_("The lake did not confirm that a revoked key to %(what)s is dead"),
        then=_("Until %(ends)s it may still open data. The grant says what the lake answered."),
        is_critical=True,
    ),
    "revocation_overdue": Wording(
        kind=NoticeKind.ALARMS,
        place="overdue-revocations",
        mark=_("Revocation overdue"),
        sentence=_("«%(lake)s» could not be told in %(attempts)s attempts to end a key"),
        then=_(
            "For %(minutes)s minutes it may have opened data, and until %(ends)s it may. See what stands in"
            " the way; the portal goes on trying."
        ),
        is_critical=True,
    ),
    "key_strayed": Wording(
        kind=NoticeKind.ALARMS,
        place="grant",
        mark=_("A key asked for something else"),
        sentence=_("A key to %(what)s was used to ask for another place"),
        then=_(
            "The lake refused. The grant says what was asked for; ask who holds the key why, or revoke it."
        ),
    ),
    "lake_halted": Wording(
        kind=NoticeKind.ALARMS,
        place="lake",
        mark=_("Every key ended"),
        sentence=_("Every key of «%(lake)s» was ended: %(keys)s of them"),
        then=_("Nobody is given a new one until the lake is enabled again."),
        is_critical=True,
    ),
}
