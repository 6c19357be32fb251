"""Emergency access: asking nobody, and being asked afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.access import action_choices, purpose_choices
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.policy.emergency import LONGEST_HOURS
from apps.policy.facts import Action


class GlassForm(OnceForm):
    reason = forms.CharField(
        label=_("What has happened"),
        help_text=_("And what you will do. Somebody else reads it within a day."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say what has happened, and what you will do.")},
    )
    incident_ref = forms.CharField(
        label=_("Incident"),
        help_text=_("Its number. May follow within 24 hours where life or limb is at stake."),
        required=False,
        max_length=100,
    )
    is_life_at_stake = forms.BooleanField(label=_("Life or limb is at stake"), required=False)
    purpose_id = forms.TypedChoiceField(
        label=_("Purpose"),
        help_text=_("Data about people need one that rests on GDPR Art. 6(1)(c), (d) or (f)."),
        coerce=UUID,
        error_messages={"required": _("Choose the purpose for which you need the data.")},
    )
    cannot_consent = forms.BooleanField(
        label=_("Those the data are about cannot consent (GDPR Art. 9(2)(c))"), required=False
    )
    actions = forms.MultipleChoiceField(
        label=_("Actions"),
        widget=forms.CheckboxSelectMultiple,
        initial=[Action.READ.value],
        error_messages={"required": _("Choose at least one action, such as read.")},
    )
    hours = forms.TypedChoiceField(
        label=_("For how many hours?"),
        widget=forms.RadioSelect,
        choices=[(str(hours), str(hours)) for hours in range(1, LONGEST_HOURS + 1)],
        coerce=int,
        initial="1",
        error_messages={"required": _("Choose for how many hours you need the data.")},
    )

    def __init__(self, *given: Any, purposes: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        choices = purpose_choices(purposes)
        self.fields["purpose_id"].choices = [("", _("Choose a purpose")), *choices]  # type: ignore[attr-defined]
        self.fields["actions"].choices = action_choices()  # type: ignore[attr-defined]


class IncidentForm(HouseForm):
    incident_ref = forms.CharField(
        label=_("Incident"),
        max_length=100,
        error_messages={"required": _("Write the number of the incident.")},
    )


class ReviewForm(HouseForm):
    is_justified = forms.TypedChoiceField(
        label=_("Was it justified?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("yes")), ("no", _("no"))],
        coerce=lambda word: word == "yes",
        error_messages={"required": _("Say whether it was justified.")},
    )
    comment = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail, and read by who used the emergency access."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why.")},
    )
