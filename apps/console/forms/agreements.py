"""Texts that people accept before they use data: put in force, and replaced by their next version."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.access.commands import AgreementTarget
from apps.console.forms.house import OnceForm

ASSET, DOMAIN, CLASS = "asset", "domain", "class"
LONGEST_AGREEMENT = 100_000


class NextAgreementForm(OnceForm):
    """The words alone: a next version stands on what the present one stands on."""

    title = forms.CharField(
        label=_("Title"),
        help_text=_("As people read it above what they accept."),
        max_length=200,
        error_messages={"required": _("Give it a title.")},
    )
    text = forms.CharField(
        label=_("Text"),
        help_text=_("What people promise, in full. Whoever accepts it accepts these very words."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=LONGEST_AGREEMENT,
        error_messages={"required": _("Write the text that people accept.")},
    )


class NewAgreementForm(NextAgreementForm):
    """`find` looks up an asset or a domain by the name that was typed; `steps` are the classes, by rank."""

    code = forms.CharField(
        label=_("Code"),
        help_text=_("Small letters, digits and hyphens, such as research-data-2027. All versions have it."),
        max_length=40,
        error_messages={"required": _("Give it a code.")},
    )
    kind = forms.ChoiceField(
        label=_("It stands on"),
        widget=forms.RadioSelect,
        choices=[
            (ASSET, _("one asset")),
            (DOMAIN, _("all of a domain")),
            (CLASS, _("all data of a class and above")),
        ],
        error_messages={"required": _("Choose what it stands on.")},
    )
    name = forms.CharField(
        label=_("Name of the asset or domain"),
        help_text=_("The exact name."),
        max_length=200,
        required=False,
    )
    sensitivity_class = forms.TypedChoiceField(
        label=_("Class"),
        coerce=UUID,
        empty_value=None,
        required=False,
    )
    field_order = ["title", "code", "kind", "name", "sensitivity_class", "text"]

    def __init__(
        self, *given: Any, find: Callable[[str, str], UUID | None], steps: Iterable[Any], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.find = find
        known = [(str(step.uid), step.label) for step in steps]
        self.fields["sensitivity_class"].choices = [("", _("Choose a class")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        kind, name, step = given.get("kind"), given.pop("name", ""), given.pop("sensitivity_class", None)
        if kind == CLASS:
            if step is None:
                self.add_error("sensitivity_class", _("Choose the class it stands on."))
            given["target"] = AgreementTarget(sensitivity_class_id=step)
        elif kind:
            found = self.find(kind, name) if name else None
            if found is None:
                self.add_error("name", _("Nothing of this kind has this name, among what you may see."))
            given["target"] = AgreementTarget(**{f"{kind}_id": found})
        given.pop("kind", None)
        return given

    def field_of(self, reason: Any) -> str:
        return "name" if reason.field == "target" else super().field_of(reason)
