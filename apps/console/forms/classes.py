"""The ladder of sensitivity classes: the forms that add one, and change what one demands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import validate_slug
from django.utils.translation import gettext_lazy as _

from apps.classification.commands import DEMANDS, Handling
from apps.classification.queries import StageRole
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.people import SeenForm

LARGEST_NUMBER = 2**31 - 1
HIGHEST_RANK = 2**15 - 1


def _limit(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=_("Empty: this class sets no limit."),
        min_value=0,
        max_value=LARGEST_NUMBER,
        required=False,
    )


class DemandsForm(HouseForm):
    """What a class asks for, whoever writes the rules of the house."""

    max_grant_days = _limit(_("Longest access, in days"))
    max_lease_minutes = _limit(_("Longest key, in minutes"))
    stages = forms.MultipleChoiceField(
        label=_("Who decides"),
        help_text=_("Each is asked, besides whom the rules ask. A data protection officer is heard only."),
        choices=StageRole.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    needs_step_up = forms.BooleanField(
        label=_("Whoever decides or takes a key proves anew who they are"), required=False
    )
    is_auto_ok_allowed = forms.BooleanField(label=_("Rules may grant it at once"), required=False)
    is_break_glass_allowed = forms.BooleanField(label=_("It may be opened in an emergency"), required=False)

    def handling(self, given: dict[str, Any]) -> Handling:
        """Takes its fields out of what was given."""
        said = {name: given.pop(name) for name in DEMANDS}
        return Handling(**{**said, "stages": tuple(said["stages"])})


class ClassForm(DemandsForm, SeenForm):
    """Changes what a class demands from now on."""


class NewClassForm(DemandsForm, OnceForm):
    label = forms.CharField(
        label=_("Name"), max_length=80, error_messages={"required": _("Write the name that people read.")}
    )
    code = forms.CharField(
        label=_("Code"),
        help_text=_("Letters, digits and hyphens. It never changes."),
        max_length=40,
        validators=[validate_slug],
        error_messages={"required": _("Write a code.")},
    )
    rank = forms.IntegerField(
        label=_("Rank"),
        help_text=_("The higher, the more sensitive. Each is given once."),
        min_value=0,
        max_value=HIGHEST_RANK,
        error_messages={"required": _("Say how high it stands.")},
    )
    definition = forms.CharField(
        label=_("What it means"),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=10_000,
        error_messages={"required": _("Say what it means, in a sentence.")},
    )
    field_order = ["label", "code", "rank", "definition"]


class LadderRefusalForm(HouseForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Read by whoever proposed it, and by the officers of all organizations."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why the ladder should stay.")},
    )
