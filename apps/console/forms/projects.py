"""Projects, and who joins them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.people import NO_DAY, LastDay, PersonField, SeenForm, day_input
from apps.console.forms.ties import DatedForm
from apps.kernel.errors import NotFound


class _ProjectFields(HouseForm):
    name = forms.CharField(
        label=_("Name of the project"),
        max_length=200,
        error_messages={"required": _("Give the project a name.")},
    )
    description = forms.CharField(
        label=_("What it is about"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    lead_id = PersonField(
        label=_("Who leads it"),
        help_text=_("Their username. The lead adds and removes members."),
        error_messages={"required": _("Type the username of the lead.")},
    )
    purposes = forms.TypedMultipleChoiceField(
        label=_("Purposes"),
        help_text=_("For which access may be asked. They may be chosen later."),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        required=False,
    )
    ends_at = LastDay(
        label=_("Last day"),
        widget=day_input(),
        error_messages={**NO_DAY, "required": _("Say until when the project runs.")},
    )

    def __init__(
        self, *given: Any, purposes: Iterable[tuple[str, str]], find: Callable[[str], Any], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.fields["lead_id"].find = find  # type: ignore[attr-defined]
        self.fields["purposes"].choices = list(purposes)  # type: ignore[attr-defined]


class NewProjectForm(_ProjectFields, OnceForm):
    pass


class ProjectForm(_ProjectFields, SeenForm):
    pass


class JoinForm(DatedForm):
    username = forms.CharField(
        label=_("Username"),
        help_text=_("Of the person who joins."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Type the username of who joins.")},
    )
    field_order = ["username", "starts_at", "ends_at"]

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["ends_at"].required = False
        self.fields["ends_at"].help_text = _("Leave it empty to stay until the project ends.")

    def makes(self, actor: Any, make: Callable[[dict[str, Any]], str]) -> bool:
        """Whoever adds people need not see them: a name that is nobody's is told beside the field."""
        try:
            return super().makes(actor, make)
        except NotFound as fault:
            self.status = 404
            self.add_error("username", _("There is nobody with this username. Check the spelling."))
            self.fault = fault
            return False
