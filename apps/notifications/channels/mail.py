"""Mail, as text and as HTML. Links open pages; opening one changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from apps.accounts.models import Account
from apps.notifications.queries.notices import ShownNotice


def one(account: Account, notice: ShownNotice) -> EmailMultiAlternatives:
    return _letter(account, notice.subject, [notice], is_digest=False)


def digest(account: Account, notices: Sequence[ShownNotice]) -> EmailMultiAlternatives:
    """All that waited, in one letter that says how to have no more of them (RFC 2369)."""
    number = len(notices)
    said = ngettext("%(number)s notice", "%(number)s notices", number) % {"number": number}
    letter = _letter(account, f"[Lakewarden] {said}", notices, is_digest=True)
    letter.extra_headers["List-Unsubscribe"] = f"<{_preferences()}>"
    return letter


def _letter(
    account: Account, subject: str, notices: Sequence[ShownNotice], *, is_digest: bool
) -> EmailMultiAlternatives:
    context = {
        "name": account.person.name,
        "notices": notices,
        "is_digest": is_digest,
        "preferences": _preferences(),
        "zone": account.organization.time_zone,
    }
    letter = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string("mail/notices.txt", context),
        to=[account.person.email or account.email],
        headers={"Auto-Submitted": "auto-generated"},  # RFC 3834: no vacation answers this
    )
    letter.attach_alternative(render_to_string("mail/notices.html", context), "text/html")
    return letter


def _preferences() -> str:
    return f"{settings.PUBLIC_URL}{reverse('console:notification-settings')}"
