"""Teams and domains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import Audience
from apps.console import wording
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.people import SeenForm
from apps.console.forms.permissions import Find, NameField


class TeamForm(OnceForm):
    name = forms.CharField(
        label=_("Name of the team"),
        help_text=_("Such as Reservoir modeling."),
        max_length=120,
        error_messages={"required": _("Give the team a name.")},
    )


class RenameForm(SeenForm):
    name = forms.CharField(
        label=_("Name of the team"),
        max_length=120,
        error_messages={"required": _("Give the team a name.")},
    )


class MemberForm(HouseForm):
    add = NameField(
        names="accounts",
        label=_("Username"),
        help_text=_("Of a person or of a service account. Nobody adds themselves."),
        error_messages={
            "required": _("Type the username of who joins the team."),
            "absent": _("There is no account with this username. Check the spelling."),
        },
    )

    def __init__(self, *given: Any, find: Find, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["add"].find = find  # type: ignore[attr-defined]


class RemoveForm(HouseForm):
    """Sent by the button beside the member."""

    remove = forms.UUIDField(widget=forms.HiddenInput)


class _DomainFields(HouseForm):
    name = forms.CharField(
        label=_("Name of the domain"),
        max_length=200,
        error_messages={"required": _("Give the domain a name.")},
    )
    description = forms.CharField(
        label=_("What belongs in it"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )
    audience = forms.ChoiceField(
        label=_("Who sees its published assets"),
        help_text=_("Seeing an asset in the catalog does not give its data."),
        widget=forms.RadioSelect,
        choices=[(audience.value, wording.AUDIENCES[audience.value]) for audience in Audience],
        error_messages={"required": _("Choose who sees the published assets.")},
    )
    audience_team_ids = forms.TypedMultipleChoiceField(
        label=_("Teams that see them"),
        help_text=_(
            "Only where the teams named see them. With no team chosen, nobody sees them by audience."
        ),
        widget=forms.CheckboxSelectMultiple,
        coerce=UUID,
        required=False,
    )

    def __init__(self, *given: Any, teams: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["audience_team_ids"].choices = [(str(team.uid), team.name) for team in teams]  # type: ignore[attr-defined]


class NewDomainForm(_DomainFields, OnceForm):
    pass


class DomainForm(_DomainFields, SeenForm):
    pass


def of_domain(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of the form as the command takes them."""
    return {**given, "audience": Audience(given["audience"])}
