"""Entering who labels under a policy, and saying anew what holds of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.people import NO_DAY, class_choices, day_input
from apps.console.forms.permissions import Find, NameField
from apps.labeling.commands import AnnotatorDraft
from apps.labeling.queries import AnnotatorRole
from apps.policy.reason import Reason

LONGEST = 80


class SomebodyField(NameField):
    """The username of somebody of the house; empty for others."""

    def clean(self, value: Any) -> UUID | None:  # type: ignore[override]
        return super().clean(value) if str(value or "").strip() else None


class ChangeAnnotatorForm(OnceForm):
    role = forms.ChoiceField(
        label=_("Part in labeling"),
        choices=[(each.value, wording.ANNOTATOR_ROLES[each.value]) for each in AnnotatorRole],
    )
    group = forms.CharField(
        label=_("Group"),
        help_text=_("To compare groups of annotators, such as a site. Never an origin or a belief."),
        max_length=LONGEST,
        required=False,
    )
    cleared_rank = forms.TypedChoiceField(
        label=_("Cleared up to"),
        help_text=_("People of the house as far as they are cleared anyway."),
        coerce=int,
        empty_value=None,
        required=False,
    )
    trained_on = forms.DateField(
        label=_("Trained with the guideline on"), widget=day_input(), required=False, error_messages=NO_DAY
    )
    test_score = forms.FloatField(
        label=_("Score in the entrance test"),
        help_text=_("From 0 to 1."),
        min_value=0,
        max_value=1,
        required=False,
        error_messages={"invalid": _("Give the share of the test that was right, such as 0.92.")},
    )
    undertaking_on = forms.DateField(
        label=_("Undertook to keep silent on"),
        help_text=_("Of people of the house it is known already."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )
    country = forms.CharField(
        label=_("Country from which they label"),
        help_text=_("Two letters, such as DE. Of people of the house it is known from where they work."),
        max_length=2,
        required=False,
    )
    no_conflict_on = forms.DateField(
        label=_("Declared no conflict on"),
        help_text=_("That they are none of those who by the policy must not label."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )
    contract_id = forms.TypedChoiceField(
        label=_("Party that they work for"),
        help_text=_("With a contract that says all that Art. 28(3) GDPR asks for."),
        coerce=UUID,
        empty_value=None,
        required=False,
    )
    opted_in_hard = forms.BooleanField(label=_("Agreed to see what can harm"), required=False)
    hours_a_day = forms.IntegerField(label=_("Most hours a day"), min_value=0, max_value=24, required=False)

    def __init__(self, *given: Any, classes: Iterable[Any], parties: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["cleared_rank"].choices = class_choices(classes, self.initial.get("cleared_rank"))  # type: ignore[attr-defined]
        named = [(str(row.uid), f"{row.ref} {row.name}") for row in parties]
        self.fields["contract_id"].choices = [("", _("None")), *named]  # type: ignore[attr-defined]

    def field_of(self, reason: Reason) -> str:
        return "contract_id" if reason.field == "contract" else super().field_of(reason)

    def draft(self, given: dict[str, Any], code: str = "") -> AnnotatorDraft:
        told = {name: value for name, value in given.items() if name != "key"}
        return AnnotatorDraft(**{"code": code, **told, "role": AnnotatorRole(given["role"])})

    @staticmethod
    def initial_of(row: Any) -> dict[str, Any]:
        names = ("role", "group", "cleared_rank", "trained_on", "test_score", "undertaking_on")
        more = ("country", "no_conflict_on", "opted_in_hard", "hours_a_day")
        told = {name: getattr(row, name) for name in (*names, *more)}
        return {**told, "contract_id": str(row.contract.uid) if row.contract else ""}


class LiftForm(HouseForm):
    why = forms.CharField(
        label=_("Why they may label again"),
        help_text=_("What was done, such as a training."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say in a sentence what was done.")},
    )


class AnnotatorForm(ChangeAnnotatorForm):
    code = forms.CharField(
        label=_("Number or pseudonym"),
        help_text=_("As the labeling tool has it. Never a name or an address."),
        max_length=LONGEST,
        error_messages={"required": _("Give the number that the tool has for them.")},
    )
    person_id = SomebodyField(
        names="people",
        label=_("Username"),
        help_text=_("Of somebody of the house. Empty for others, who stay a number."),
        required=False,
        error_messages={"absent": _("There is no account with this username. Check the spelling.")},
    )

    def __init__(self, *given: Any, find: Find, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["person_id"].find = find  # type: ignore[attr-defined]
        self.order_fields(["code", "person_id"])
