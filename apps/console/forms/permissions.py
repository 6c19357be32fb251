"""Object permissions, given and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.roles import ObjectPermission
from apps.console import wording
from apps.console.forms.house import HouseForm, OnceForm

Find = Callable[[str], Any]


class NameField(forms.CharField):
    """A name that is typed; what it names is found by `find`, which the form sets."""

    find: Find

    def __init__(self, *, names: str, **options: Any) -> None:
        control = forms.TextInput(attrs={"list": names, "autocomplete": "off", "spellcheck": "false"})
        super().__init__(widget=control, max_length=150, **options)

    def clean(self, value: Any) -> UUID:
        found = self.find(super().clean(value))
        if found is None:
            raise forms.ValidationError(self.error_messages["absent"], code="absent")
        uid: UUID = found.uid
        return uid


def permission_choices() -> list[tuple[str, Any]]:
    """The strongest first."""
    order = ("own", "steward", "approve", "classify", "edit", "view")
    named = [(word, wording.PERMISSION_MEANINGS[word]) for word in order]
    return [("", _("Choose what they may do")), *named]


def permission_of(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of the form as the command takes them."""
    return {**given, "permission": ObjectPermission[given["permission"].upper()]}


class GiveForm(OnceForm):
    holder_id = NameField(
        names="holders",
        label=_("To whom"),
        help_text=_("A username, or the name of a team."),
        error_messages={
            "required": _("Name a person's account or a team."),
            "absent": _("There is no account or team with this name. Check the spelling."),
        },
    )
    permission = forms.ChoiceField(
        label=_("What they may do"),
        choices=permission_choices,
        error_messages={"required": _("Choose what they may do.")},
    )

    def __init__(self, *given: Any, find: Find, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["holder_id"].find = find  # type: ignore[attr-defined]


class TakeForm(HouseForm):
    """Sent by the button beside the permission."""

    holder_id = forms.UUIDField(widget=forms.HiddenInput)
    permission = forms.ChoiceField(choices=permission_choices, widget=forms.HiddenInput)
