"""Out of office, conflicts of interest, and leaving."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import ConflictKind
from apps.accounts.roles import DELEGABLE
from apps.console import wording
from apps.console.forms.house import HouseForm, OnceForm
from apps.console.forms.people import (
    NO_DAY,
    FirstDay,
    LastDay,
    PersonField,
    day_input,
    role_choices,
)

LONGEST_NOTE = 2000


class DatedForm(OnceForm):
    """From one day to another; the first may be left out."""

    starts_at = FirstDay(
        label=_("First day"),
        help_text=_("Leave it empty to begin now."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )
    ends_at = LastDay(
        label=_("Last day"),
        widget=day_input(),
        error_messages={**NO_DAY, "required": _("Say until when.")},
    )

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("starts_at") or timezone.now(), given.get("ends_at")
        if ends and ends <= begins:
            self.add_error("ends_at", _("The last day lies before the beginning. Choose a later one."))
        return given


class AwayForm(DatedForm):
    """Who stands in while somebody is away. With `is_for_another`, an administrator says why."""

    delegate_id = forms.TypedChoiceField(
        label=_("Who stands in"),
        help_text=_("Somebody who holds the role too. Conflicts of interest count for both of you."),
        coerce=UUID,
        error_messages={"required": _("Choose who stands in.")},
    )
    roles = forms.MultipleChoiceField(
        label=_("In which role"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one role.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail. Such as parental leave."),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    field_order = ["delegate_id", "roles", "starts_at", "ends_at", "reason"]

    def __init__(
        self,
        *given: Any,
        colleagues: Iterable[Any],
        roles: Iterable[str],
        is_for_another: bool = False,
        **options: Any,
    ) -> None:
        held = set(roles) & {role.value for role in DELEGABLE}
        options["initial"] = {"roles": sorted(held), **(options.get("initial") or {})}
        super().__init__(*given, **options)
        people = [(str(person.uid), person.name) for person in colleagues]
        self.fields["delegate_id"].choices = [("", _("Choose somebody")), *people]  # type: ignore[attr-defined]
        named = [(word, text) for word, text in role_choices() if word in held]
        self.fields["roles"].choices = named  # type: ignore[attr-defined]
        if is_for_another:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = _("Say why you do this for them.")


class ConflictForm(DatedForm):
    """About what somebody should not decide. `find` looks up what was typed, by kind."""

    kind = forms.ChoiceField(
        label=_("About"),
        choices=[("", _("Choose what it is about"))]
        + [(kind.value, wording.CONFLICT_KINDS[kind.value]) for kind in ConflictKind],
        error_messages={"required": _("Choose what it is about.")},
    )
    target_id = forms.CharField(
        label=_("Its name"),
        help_text=_("The exact name; of a person, the username."),
        max_length=200,
        error_messages={"required": _("Type the name.")},
    )
    note = forms.CharField(
        label=_("What the conflict is"),
        help_text=_("In a few words. Compliance officers, auditors and the DPO read it."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say in a few words what the conflict is.")},
    )
    field_order = ["kind", "target_id", "note", "starts_at", "ends_at"]

    def __init__(self, *given: Any, find: Callable[[str, str], UUID | None], **options: Any) -> None:
        super().__init__(*given, **options)
        self.find = find
        self.fields["ends_at"].required = False
        self.fields["ends_at"].help_text = _("Leave it empty if it has no end.")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        kind, name = given.get("kind"), given.get("target_id")
        if kind and name:
            given["target_id"] = self.find(kind, name)
            if given["target_id"] is None:
                self.add_error("target_id", _("Nothing of this kind has this name, among what you may see."))
        return given


class RecordedConflictForm(ConflictForm):
    """Recorded by a compliance officer, about somebody else."""

    person_id = forms.CharField(
        label=_("Who has the conflict"),
        help_text=_("Their username."),
        max_length=150,
        error_messages={"required": _("Type the username of the person.")},
    )
    field_order = ["person_id", "kind", "target_id", "note", "starts_at", "ends_at"]

    def clean_person_id(self) -> UUID:
        found = self.find(ConflictKind.PERSON.value, self.cleaned_data["person_id"])
        if found is None:
            raise forms.ValidationError(_("There is nobody with this username, among those you may see."))
        return found


class LeavingForm(HouseForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail. Such as end of employment."),
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why the person leaves.")},
    )
    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class HeirForm(HouseForm):
    """Who answers for a program from now on."""

    person_id = PersonField(
        label=_("Who answers for it from now on"),
        help_text=_("Their username."),
        error_messages={"required": _("Type the username of the person.")},
    )

    def __init__(self, *given: Any, find: Callable[[str], Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["person_id"].find = find  # type: ignore[attr-defined]
