"""People, what is known of them, their roles and accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.queries import PersonStatus, Relation
from apps.accounts.roles import Role
from apps.console import wording
from apps.console.forms.house import HouseForm, OnceForm
from apps.kernel.errors import StaleVersion

WHOLE_ORGANIZATION = ("", _("Whole organization"))
NOT_CLEARED = ("", _("Not cleared for any class"))
NO_DAY = {"invalid": _("Write the day as year, month, day: 2027-03-31.")}
USERNAME_REQUIRED = {"required": _("Choose the name for signing in.")}


def day_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class FirstDay(forms.DateField):
    """The moment at which the day begins, in the zone of the page."""

    days = 0

    def clean(self, value: Any) -> datetime | None:
        day = super().clean(value)
        if day is None:
            return None
        return timezone.make_aware(datetime.combine(day + timedelta(days=self.days), time.min))


class LastDay(FirstDay):
    """The moment at which the day is over."""

    days = 1


class SeenForm(HouseForm):
    """Names the version that was read; where it has changed since, what was typed may be sent again."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    @property
    def is_stale(self) -> bool:
        return isinstance(self.fault, StaleVersion)

    def read_again(self, version: int) -> None:
        """What holds now is shown beside the form: the next sending is about that."""
        sent: Any = self.data
        sent = sent.copy()
        sent["seen_version"] = str(version)
        self.data = sent


def status_choices() -> list[tuple[str, Any]]:
    return [(status.value, wording.of(wording.PERSON_STATES, status.value).text) for status in PersonStatus]


def relation_choices() -> list[tuple[str, Any]]:
    return [(relation.value, wording.RELATIONS[relation.value]) for relation in Relation]


def role_choices() -> list[tuple[str, Any]]:
    return [(role.value, wording.ROLES[role.value]) for role in Role]


def class_choices(classes: Iterable[Any], *held: int | None) -> list[tuple[str, Any]]:
    """With the clearances that somebody holds beside the ladder: what is not touched stays as it is."""
    steps = {step.rank: step.label for step in classes}
    beside = {rank: cleared_text(steps, rank) for rank in held if rank is not None and rank not in steps}
    return [NOT_CLEARED, *((str(rank), text) for rank, text in sorted({**steps, **beside}.items()))]


def cleared_text(steps: Mapping[int, Any], rank: int | None) -> Any:
    """Up to which class somebody is cleared, by the ladder: by rank the names of its classes."""
    if rank is None:
        return NOT_CLEARED[1]
    if rank in steps:
        return steps[rank]
    below = [each for each in steps if each < rank]
    if not below:
        return _("For no class there is")
    name = steps[max(below)]
    if max(below) == max(steps):
        return gettext("%(name)s, and any class above it") % {"name": name}
    return gettext("Higher than %(name)s, below the next class") % {"name": name}


def cleared_field() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=_("Cleared up to"),
        help_text=_("The highest sensitivity class the person may be given access to."),
        coerce=int,
        empty_value=None,
        required=False,
    )


def contract_field() -> forms.DateField:
    return forms.DateField(
        label=_("Contract ends on"),
        help_text=_("Last day. Access never lasts longer. Leave it empty for a contract without an end."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )


class PersonField(forms.CharField):
    """A username that is typed; whose it is, is found by `find`, which the form sets. Empty is nobody."""

    find: Callable[[str], Any]

    def __init__(self, **options: Any) -> None:
        control = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(widget=control, max_length=150, **options)

    def clean(self, value: Any) -> UUID | None:
        name = super().clean(value)
        if not name:
            return None
        found = self.find(name)
        if found is None:
            raise forms.ValidationError(_("There is nobody with this username. Check the spelling."))
        uid: UUID = found.uid
        return uid


def manager_field() -> PersonField:
    return PersonField(
        label=_("Line manager"),
        help_text=_("Their username. Leave it empty where there is none."),
        required=False,
    )


def place_field() -> forms.CharField:
    return forms.CharField(
        label=_("Works from"),
        help_text=_("Two letters of the country, such as DE. From outside the EEA nothing is taken along."),
        max_length=2,
        required=False,
    )


def employer_field() -> forms.CharField:
    return forms.CharField(
        label=_("Employer"),
        help_text=_(
            "Of somebody from outside: the number of the party in the records, such as PY-0001. Who works "
            "for themselves is a party."
        ),
        max_length=20,
        required=False,
    )


def past_field(label: Any, help: Any) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help, widget=day_input(), required=False, error_messages=NO_DAY
    )


def undertaking_field() -> forms.DateField:
    return past_field(
        _("Confidentiality undertaken on"), _("The last time. Data about people need one of the past year.")
    )


def training_field() -> forms.DateField:
    return past_field(
        _("Trained in data protection on"), _("The last time. Data about people need one of the past year.")
    )


class RegisterForm(OnceForm):
    """A person and the account they sign in with."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Say who it is.")})
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("May be left empty."),
        required=False,
        max_length=254,
    )
    relation = forms.ChoiceField(label=_("Relation to the organization"), widget=forms.RadioSelect)
    contract_ends_on = contract_field()
    cleared_rank = cleared_field()
    works_from = place_field()
    employer_ref = employer_field()
    undertaking_on = undertaking_field()
    trained_on = training_field()
    manager_id = manager_field()
    username = forms.CharField(
        label=_("Username"),
        help_text=_("With it the person signs in. Names that look the same count as the same."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=USERNAME_REQUIRED,
    )
    password = forms.CharField(
        label=_("Initial password"),
        help_text=_(
            "At least 12 characters; hand it over in person. Leave it empty where single sign-on is used."
        ),
        max_length=200,
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, *given: Any, classes: Iterable[Any], find: Callable[[str], Any], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.fields["manager_id"].find = find  # type: ignore[attr-defined]
        self.fields["relation"].choices = relation_choices()  # type: ignore[attr-defined]
        self.fields["cleared_rank"].choices = class_choices(classes)  # type: ignore[attr-defined]

    def clean_password(self) -> str | None:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password or None


class FactsForm(SeenForm):
    """Status, relation, contract and clearance: what rules about people look at."""

    status = forms.ChoiceField(  # type: ignore[assignment]  # the form's own status is found before it
        label=_("Status"),
        help_text=_("Who is not active is signed out, and can do nothing from that moment on."),
    )
    relation = forms.ChoiceField(label=_("Relation to the organization"))
    contract_ends_on = contract_field()
    cleared_rank = cleared_field()
    works_from = place_field()
    employer_ref = employer_field()
    undertaking_on = undertaking_field()
    trained_on = training_field()
    manager_id = manager_field()

    def __init__(
        self, *given: Any, classes: Iterable[Any], find: Callable[[str], Any], **options: Any
    ) -> None:
        super().__init__(*given, **options)
        self.fields["manager_id"].find = find  # type: ignore[attr-defined]
        # Leaving has a page of its own, which says what ends with it.
        states = [choice for choice in status_choices() if choice[0] != PersonStatus.DEPARTED]
        self.fields["status"].choices = states  # type: ignore[attr-defined]
        self.fields["relation"].choices = relation_choices()  # type: ignore[attr-defined]
        self.fields["cleared_rank"].choices = class_choices(classes, self.initial.get("cleared_rank"))  # type: ignore[attr-defined]


class RoleForm(OnceForm):
    role = forms.ChoiceField(label=_("Role"), error_messages={"required": _("Choose a role.")})
    domain_id = forms.TypedChoiceField(
        label=_("Where"),
        help_text=_("In the whole organization, or in one domain only."),
        coerce=UUID,
        empty_value=None,
        required=False,
    )
    starts_at = FirstDay(
        label=_("First day"),
        help_text=_("Leave it empty to begin now."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )
    ends_at = LastDay(
        label=_("Last day"),
        help_text=_("Leave it empty for a role without an end."),
        widget=day_input(),
        required=False,
        error_messages=NO_DAY,
    )

    def __init__(self, *given: Any, domains: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["role"].choices = [("", _("Choose a role")), *role_choices()]  # type: ignore[attr-defined]
        places = [(str(domain.uid), domain.name) for domain in domains]
        self.fields["domain_id"].choices = [WHOLE_ORGANIZATION, *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        begins, ends = given.get("starts_at") or timezone.now(), given.get("ends_at")
        if ends and ends <= begins:
            self.add_error("ends_at", _("The last day lies before the role begins. Choose a later one."))
        return given


class AccountForm(OnceForm):
    username = forms.CharField(
        label=_("Username"),
        help_text=_("A second name to sign in with, by single sign-on. Rules see one and the same person."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=USERNAME_REQUIRED,
    )


class ServiceAccountForm(OnceForm):
    username = forms.CharField(
        label=_("Name of the service account"),
        help_text=_("Such as churn-pipeline."),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Choose a name for the service account.")},
    )
    description = forms.CharField(
        label=_("What the program does"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say what the program does.")},
    )


class PeopleFilter(forms.Form):
    """Search and filters of the list, by address. What is not to be understood selects nothing."""

    q = forms.CharField(label=_("Search by name or username"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False)
    role = forms.ChoiceField(label=_("Role held now"), required=False)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["status"].choices = [("", _("All")), *status_choices()]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", _("Any or none")), *role_choices()]  # type: ignore[attr-defined]
