"""Connecting a lake, and changing a connection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.forms.record import Option
from apps.console.legal import Term, choices
from apps.kernel.errors import InvalidInput
from apps.kernel.texts import remedy, sentence
from apps.lakes.queries import Flavor, storage_root
from apps.policy.reason import Reason

LONGEST_TTL_SECONDS = 7 * 24 * 3600
MOST_ROOTS = 200
FLAVORS = {
    Flavor.AWS.value: Term(
        name=_("Amazon S3"),
        sentence=_("Keys come from AWS STS. A revocation may take some minutes to reach every server."),
    ),
    Flavor.CEPH.value: Term(
        name=_("Ceph Object Gateway"),
        sentence=_("Keys come from the gateway itself. A revocation works within a second."),
    ),
    Flavor.MINIO.value: Term(
        name=_("MinIO"),
        sentence=_("One key cannot be revoked there: it works until it ends, so keep lifetimes short."),
    ),
    Flavor.DEMO.value: Term(
        name=_("Demo lake"),
        sentence=_("Comes with the portal, which sets its keys itself. Answers on this machine only."),
    ),
}
SELDOM = ("sts_endpoint", "iam_endpoint", "ttl_min_seconds", "ttl_max_seconds")
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

    def clean(self, value: Any) -> list[str]:
        text: str = super().clean(value)
        roots = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        faults = [said for root in roots for said in _faults(root)]
        if len(roots) > MOST_ROOTS:
            faults.append(gettext("Name at most %(most)s places.") % {"most": MOST_ROOTS})
        if faults:
            raise forms.ValidationError(faults)
        return roots

    def has_changed(self, initial: Any, data: Any) -> bool:
        return [line.strip() for line in (data or "").splitlines() if line.strip()] != (
            initial or ""
        ).splitlines()


def _faults(root: str) -> list[str]:
    try:
        storage_root(root)
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

    endpoint = forms.CharField(
        label=_("Endpoint"),
        help_text=_(
            "The address of the storage service: https, host, and port if needed, such as"
            " https://s3.eu-central-1.amazonaws.com. Nothing after it: no path, no user name."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
        max_length=300,
        error_messages={"required": _("Give the address of the storage service.")},
    )
    region = forms.CharField(
        label=_("Region"),
        help_text=_(
            "As the service calls it, such as eu-central-1. Where the service has none, us-east-1 does."
        ),
        max_length=40,
        error_messages={"required": _("Give the region of the service.")},
    )
    operator_ref = forms.CharField(
        label=_("Operated by"),
        help_text=_(
            "The number of the party in the records, such as PY-0001, where somebody else runs it."
            " Empty: ourselves."
        ),
        max_length=20,
        required=False,
    )
    role_arn = forms.CharField(
        label=_("Role"),
        help_text=_(
            "Every key is this role, narrowed to what one grant allows. Give its full name, such as"
            " arn:aws:iam::123456789012:role/lakewarden. It may read and write the places below, no more."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        max_length=300,
        error_messages={"required": _("Give the full name of the role.")},
    )
    roots = Roots(
        label=_("Places it may reach"),
        help_text=_(
            "One a line: a bucket, or a bucket and a folder ending in a slash, such as research/geology/."
            " Stewards can register locations inside these places only."
        ),
        error_messages={"required": _("Name at least one place.")},
    )
    secret_ref = forms.CharField(
        label=_("Name of the secrets"),
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false"}),
        max_length=60,
        error_messages={"required": _("Give the name under which the secrets are kept, such as RESEARCH.")},
    )
    sts_endpoint = forms.CharField(
        label=_("Endpoint that issues keys"),
        help_text=_("Only where STS answers at another address than the storage. Empty is right for most."),
        required=False,
        max_length=300,
    )
    ttl_max_seconds = _seconds(
        label=_("Longest life of a key, in seconds"),
        help_text=_("Narrows what the service allows. Empty: what the service and the class of data allow."),
    )

    def __init__(self, *given: Any, code: str, **options: Any) -> None:
        super().__init__(*given, **options)
        self.fields["secret_ref"].help_text = format_lazy(
            _(
                "Keys are never typed in here. Choose a word in capitals: with RESEARCH the portal looks in"
                " its environment for LAKEWARDEN_LAKE_{code}_RESEARCH_ISSUER_KEY, and for the same name with"
                " ISSUER_SECRET, ADMIN_KEY and ADMIN_SECRET at its end."
            ),
            code=code.upper(),
        )

    def field_of(self, reason: Reason) -> str:
        return FIELD_OF.get(reason.field, reason.field)

    @property
    def has_seldom(self) -> bool:
        """Whether something stands in a field that few need, or is wrong there."""
        return any(self[name].value() or self[name].errors for name in SELDOM if name in self.fields)


class ConnectForm(ConnectionFields, OnceForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As stewards will see it when they say where data lie, such as Research lake."),
        max_length=120,
        error_messages={"required": _("Give the lake a name.")},
    )
    flavor = Option(
        label=_("What stands there"),
        help_text=_("Servers differ in how they issue and revoke keys."),
        choices=choices(FLAVORS),
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
    iam_endpoint = forms.CharField(
        label=_("Endpoint that keeps roles"),
        help_text=_("Only where IAM answers at yet another address. Empty is right for most."),
        required=False,
        max_length=300,
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
    """Only what differs from what stands there is sent."""

    row_version = forms.IntegerField(widget=forms.HiddenInput)

    def clean_ttl_max_seconds(self) -> int | None:
        given: int | None = self.cleaned_data["ttl_max_seconds"]
        if given is None and self.initial.get("ttl_max_seconds"):
            raise forms.ValidationError(
                _("A limit can be changed but not taken away. Write the longest life that is allowed.")
            )
        return given

    def changes(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.changed_data if name != "row_version"}
