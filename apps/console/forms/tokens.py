"""API tokens of one's own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import TokenScope
from apps.console import wording
from apps.console.forms.access import OTHER_DAY
from apps.console.forms.house import OnceForm
from apps.console.forms.people import NO_DAY, LastDay, day_input


class TokenForm(OnceForm):
    name = forms.CharField(
        label=_("What it is for"),
        help_text=_("Such as nightly export. By this you will know it again."),
        max_length=120,
        error_messages={"required": _("Say what the token is for.")},
    )
    account_id = forms.TypedChoiceField(
        label=_("Acts as"),
        help_text=_("Your own account, or a service account you answer for."),
        coerce=UUID,
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may be used for"),
        help_text=_("A token never does more than its account. Choose as little as the program needs."),
        widget=forms.CheckboxSelectMultiple,
        choices=[(scope.value, wording.SCOPE_MEANINGS[scope.value]) for scope in TokenScope],
        error_messages={"required": _("Choose at least one use.")},
    )
    days = forms.ChoiceField(
        label=_("For how long?"),
        widget=forms.RadioSelect,
        choices=[
            ("7", _("7 days")),
            ("30", _("30 days")),
            ("90", _("90 days")),
            (OTHER_DAY, _("until a day I choose")),
        ],
        error_messages={"required": _("Choose for how long the token works.")},
    )
    expires_at = LastDay(
        label=_("Last day"),
        help_text=_("Only if you chose a day of your own; within a year."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )

    def __init__(self, *given: Any, accounts: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["account_id"].choices = [(str(account.uid), account.username) for account in accounts]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        days = given.pop("days", None)
        if days and days != OTHER_DAY:
            given["expires_at"] = timezone.now() + timedelta(days=int(days))
        elif days and not given.get("expires_at") and "expires_at" not in self.errors:
            self.add_error("expires_at", _("Choose the last day, or one of the usual durations."))
        return given
