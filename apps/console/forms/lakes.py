"""Connecting a lake, and changing a connection."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.classification.queries import ladder
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.wording.lakes import LAKES, Said
from apps.kernel.actor import SYSTEM
from apps.kernel.errors import InvalidInput
from apps.kernel.texts import remedy, sentence
from apps.lakes.queries import storage_root, traits_of
from apps.policy.reason import Reason

LONGEST_TTL_SECONDS = 7 * 24 * 3600
LONGEST_LINE = 300
MOST_ROOTS = 200
LIMITS = ("ttl_min_seconds", "ttl_max_seconds")
FIELD_OF = {"bucket": "roots", "prefix": "roots", "ttl_min": "ttl_min_seconds", "ttl_max": "ttl_max_seconds"}
"""Where a part of a field is told; the commands name the part."""


class DisableForm(HouseForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Read by whoever is refused a key. For example: moves elsewhere, back on Monday."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why the lake is disabled.")},
    )


class HaltForm(HouseForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Read by whoever is refused a key. For example: a key was found in a public place."),
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("Say why every key ends.")},
    )
    seen_impact = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class Roots(forms.CharField):
    """One place a line; each line is told what is wrong with it."""

    widget = forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "autocapitalize": "none"})
    allows_underscores = False

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        roots = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        faults = [
            said for root in roots for said in _faults(root, allows_underscores=self.allows_underscores)
        ]
        if len(roots) > MOST_ROOTS:
            faults.append(gettext("Name at most %(most)s places.") % {"most": MOST_ROOTS})
        if faults:
            raise forms.ValidationError(faults)
        return roots

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [line.strip() for line in (data or "").splitlines() if line.strip()] != (
            initial or ""
        ).splitlines()


def _faults(root: str, *, allows_underscores: bool) -> list[str]:
    try:
        storage_root(root, allows_underscores=allows_underscores)
    except InvalidInput as fault:
        return [
            gettext("«%(place)s»: %(sentence)s %(remedy)s")
            % {"place": root, "sentence": sentence(reason), "remedy": remedy(reason)}
            for reason in fault.reasons
        ]
    return []


def _seconds(**options: Any) -> forms.IntegerField:
    return forms.IntegerField(
        required=False,
        min_value=1,
        max_value=LONGEST_TTL_SECONDS,
        error_messages={
            "invalid": _("Write a whole number of seconds, such as 3600 for an hour."),
            "min_value": _("A key lives for at least one second."),
            "max_value": _("No key lives longer than a week, which is 604800 seconds."),
        },
        **options,
    )


class ConnectionFields(HouseForm):
    """What can be said of a connection when it is made, and changed later."""

    operator_ref = forms.CharField(
        label=_("Operated by"),
        help_text=_(
            "The number of the party in the records, such as PY-0001, where somebody else runs it."
            " Empty: ourselves."
        ),
        max_length=20,
        required=False,
    )
    roots = Roots(label=_("Places it may reach"), error_messages={"required": _("Name at least one place.")})
    secret_ref = forms.CharField(
        label=_("Name of the secrets"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        max_length=60,
        error_messages={"required": _("Give the name under which the secrets are kept, such as RESEARCH.")},
    )
    ttl_max_seconds = _seconds(
        label=_("Longest life of a key, in seconds"),
        help_text=_("Narrows what the service allows. Empty: what the service and the class of data allow."),
    )

    def __init__(self, *given: Any, flavor: str, code: str, **options: Any) -> None:
        super().__init__(*given, **options)
        self.traits, words = traits_of(flavor), LAKES[flavor]
        for said, asked in ((words.fields, self.traits.fields), (words.options, self.traits.options)):
            for name, each in said.items():
                is_needed = asked[name].is_needed
                self.fields[name] = (
                    _a_class(each) if each.kind == "class" else _line(each, is_needed=is_needed)
                )
        self.fields["roots"].help_text = words.roots
        cast(Roots, self.fields["roots"]).allows_underscores = self.traits.allows_underscores
        self.fields["secret_ref"].help_text = format_lazy(
            words.secrets, start=f"LAKEWARDEN_LAKE_{code.upper()}"
        )

    def field_of(self, reason: Reason) -> str:
        return FIELD_OF.get(reason.field, reason.field.removeprefix("options."))

    def together(self, given: dict[str, Any]) -> dict[str, Any]:
        """As the commands take it: what this flavor alone has, under one name."""
        own = {name: given.pop(name) for name in self.traits.options if name in given}
        return {**given, "options": own} if own else given

    @property
    def where(self) -> list[forms.BoundField]:
        return self._asked(self.traits.fields, is_needed=True, but="role_arn")

    @property
    def reach(self) -> list[forms.BoundField]:
        role = ["role_arn"] if "role_arn" in self.traits.fields else []
        return [*self._asked(self.traits.options, is_needed=True), *(self[name] for name in role)]

    @property
    def seldom(self) -> list[forms.BoundField]:
        few = [each for asked in (self.traits.fields, self.traits.options) for each in self._asked(asked)]
        return [*few, *(self[name] for name in LIMITS if name in self.fields)]

    @property
    def has_seldom(self) -> bool:
        """Whether something stands in a field that few need, or is wrong there."""
        return any(field.value() or field.errors for field in self.seldom)

    def _asked(
        self, asked: Mapping[str, Any], *, is_needed: bool = False, but: str = ""
    ) -> list[forms.BoundField]:
        names = [name for name, each in asked.items() if each.is_needed is is_needed and name != but]
        return [self[name] for name in names if name in self.fields]


def _line(said: Said, *, is_needed: bool) -> forms.CharField:
    attributes = {"autocapitalize": "none", "spellcheck": "false"}
    if said.kind == "url":
        attributes["inputmode"] = "url"
    return forms.CharField(
        label=said.label,
        help_text=said.help,
        widget=forms.TextInput(attrs=attributes),
        max_length=LONGEST_LINE,
        required=is_needed,
        error_messages={"required": said.required},
    )


def _a_class(said: Said) -> forms.ChoiceField:
    def choices() -> list[tuple[str, Any]]:
        return [("", _("For none")), *((each.code, each.label) for each in ladder(SYSTEM))]

    return forms.ChoiceField(
        label=said.label,
        help_text=said.help,
        choices=choices,
        required=False,
        error_messages={"invalid_choice": _("Choose one of the classes.")},
    )


class ConnectForm(ConnectionFields, OnceForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As stewards will see it when they say where data lie, such as Research lake."),
        max_length=120,
        error_messages={"required": _("Give the lake a name.")},
    )
    flavor = forms.ChoiceField(
        widget=forms.HiddenInput,
        choices=[(flavor, words.term.name) for flavor, words in LAKES.items()],
        error_messages={"required": _("Choose what stands there.")},
    )
    country = forms.RegexField(
        r"^[A-Z]{2}$",
        label=_("Country"),
        help_text=_("Where the data lie, as two letters such as DE. Rules about transfers go by it."),
        error_messages={
            "required": _("Give the country where the data lie."),
            "invalid": _("Write the country as two capital letters, such as DE."),
        },
    )
    ttl_min_seconds = _seconds(
        label=_("Shortest life of a key, in seconds"),
        help_text=_("Some services issue nothing under 900 seconds. Empty: what the service asks for."),
    )

    def field_of(self, reason: Reason) -> str:
        return "name" if reason.code == "LAKE_NAME_TAKEN" else super().field_of(reason)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        shortest, longest = given.get("ttl_min_seconds"), given.get("ttl_max_seconds")
        if shortest and longest and shortest > longest:
            self.add_error("ttl_max_seconds", _("The longest life is shorter than the shortest."))
        return given


class ChangeForm(ConnectionFields):
    """Only what differs from what stands there is sent. Who keeps the roles, and the shortest life, stay."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields.pop("iam_endpoint", None)

    def clean_ttl_max_seconds(self) -> int | None:
        given: int | None = self.cleaned_data["ttl_max_seconds"]
        if given is None and self.initial.get("ttl_max_seconds"):
            raise forms.ValidationError(
                _("A limit can be changed but not taken away. Write the longest life that is allowed.")
            )
        return given

    def changes(self) -> dict[str, Any]:
        changed = {name: self.cleaned_data[name] for name in self.changed_data if name != "row_version"}
        return self.together(changed)
