"""A processing activity, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.compliance.commands import ActivityContent, Recipient, Transfer
from apps.compliance.queries import (
    DataSubjectCategory,
    RecipientKind,
    Role,
    SecurityMeasure,
    TransferMechanism,
)
from apps.console import legal
from apps.console.forms.record import (
    Check,
    Column,
    Line,
    Names,
    Option,
    Options,
    Picks,
    RecordForm,
    Rows,
    Section,
    a_day,
    code,
    codes,
    day,
    flag,
    long_text,
    named,
    short_text,
    true,
)
from apps.console.legal import Term, choices, term
from apps.console.page import uid_of


def _recipients(value: Iterable[Recipient], names: Names) -> list[Line]:
    found = [(term(legal.RECIPIENT_KINDS, each.kind), each.party) for each in value]
    return [Line(text=party or kind.name, note=kind if party else kind.article) for kind, party in found]


def _transfers(value: Iterable[Transfer], names: Names) -> list[Line]:
    return [
        Line(
            text=gettext("%(importer)s (%(country)s)") % {"importer": each.importer, "country": each.country},
            note=" · ".join(
                str(part)
                for part in (
                    term(legal.TRANSFER_MECHANISMS, each.mechanism)
                    if each.mechanism
                    else _("no mechanism named"),
                    each.instrument_ref,
                )
                if part
            ),
        )
        for each in value
    ]


def _read_recipient(row: dict[str, str]) -> Recipient:
    if row["kind"] not in set(RecipientKind):
        raise forms.ValidationError(_("Choose for each recipient what it is."))
    if len(row["party"]) > 300:
        raise forms.ValidationError(_("Name the recipient in at most 300 letters."))
    return Recipient(kind=RecipientKind(row["kind"]), party=row["party"])


def _read_transfer(row: dict[str, str]) -> Transfer:
    mechanism = row["mechanism"]
    if mechanism and mechanism not in set(TransferMechanism):
        raise forms.ValidationError(_("Choose one of the mechanisms of Art. 45 to 49."))
    return Transfer(
        country=row["country"].upper()[:10],
        importer=row["importer"][:300],
        mechanism=TransferMechanism(mechanism) if mechanism else None,
        instrument_ref=row["instrument_ref"][:300],
    )


class ActivityForm(RecordForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("What an outsider would call it: “upkeep of the pumps”, “payroll”."),
        max_length=200,
        error_messages={"required": _("Give the processing activity a name.")},
    )
    description = long_text(
        _("Description"), _("What happens to the data, from where they come to where they end.")
    )
    is_running = Check(
        label=_("It takes place already"),
        help_text=_(
            "Then it is recorded as it is, even where something is missing; it is blocked until then."
        ),
        required=False,
    )
    effective_from = a_day(_("Takes effect on"), _("Empty means: today."))
    role = Option(
        label=_("What the organization is in it"),
        help_text=_("Who decides why and how the data are used?"),
        choices=choices(legal.ROLES),
        error_messages={"required": _("Choose what the organization is in this activity.")},
    )
    controller_id = forms.ChoiceField(
        label=_("Controller"),
        help_text=_("The organization that answers for it before the law."),
        required=False,
        error_messages={"invalid_choice": _("Choose an organization you may see.")},
    )
    art26_arrangement = short_text(
        _("Arrangement between joint controllers"), _("The document that says who does what.")
    )
    purpose_ids = Picks(
        label=_("Purposes"),
        help_text=_("Why it is done. At least one, and each must be approved before the activity may run."),
        required=False,
        error_messages={"invalid_choice": _("Choose purposes you may see.")},
    )
    asset_ids = Picks(
        label=_("Assets"),
        help_text=_("The datasets and models whose data are processed. At least one."),
        required=False,
        error_messages={"invalid_choice": _("Choose assets you may see.")},
    )
    data_subject_categories = Options(
        label=_("Data subjects"),
        help_text=_("The people the data are about."),
        required=False,
        choices=choices(legal.DATA_SUBJECTS),
    )
    recipients = Rows(
        label=_("Recipients"),
        help_text=_("Everybody the data are given to, inside and outside. Leave rows you do not need empty."),
        columns=(
            Column(name="kind", label=_("What it is"), options=tuple(choices(legal.RECIPIENT_KINDS))),
            Column(name="party", label=_("Name")),
        ),
        read=_read_recipient,
    )
    no_recipients_confirmed = Check(
        label=_("Nobody receives the data"),
        help_text=_("I looked, and there is none. An empty table alone does not say so."),
        required=False,
    )
    transfers = Rows(
        label=_("Transfers to third countries"),
        help_text=_(
            "Recipients outside the European Economic Area, also those who only look at the data from there. "
            "Each needs a mechanism that protects the people."
        ),
        columns=(
            Column(name="country", label=_("Country, two letters"), is_short=True),
            Column(name="importer", label=_("Who receives the data")),
            Column(name="mechanism", label=_("Mechanism"), options=tuple(choices(legal.TRANSFER_MECHANISMS))),
            Column(name="instrument_ref", label=_("Document")),
        ),
        read=_read_transfer,
    )
    no_transfers_confirmed = Check(
        label=_("The data do not leave the European Economic Area"),
        help_text=_("I looked, and there is no transfer."),
        required=False,
    )
    security_measures = Options(
        label=_("Security measures"),
        help_text=_("What protects the data. At least one."),
        required=False,
        choices=choices(legal.SECURITY_MEASURES),
    )

    sections = (
        Section(
            id="what",
            title=_("What is done"),
            names=("name", "description", "is_running", "effective_from"),
        ),
        Section(
            id="who",
            title=_("Who answers for it"),
            names=("role", "controller_id", "art26_arrangement"),
        ),
        Section(
            id="why",
            title=_("For what, and with which data"),
            names=("purpose_ids", "asset_ids", "data_subject_categories"),
        ),
        Section(
            id="where",
            title=_("Who receives the data, and where"),
            names=("recipients", "no_recipients_confirmed", "transfers", "no_transfers_confirmed"),
        ),
        Section(id="safe", title=_("How they are protected"), names=("security_measures",)),
    )
    articles = {
        "name": "Art. 30(1) GDPR",
        "effective_from": "Art. 5(2) GDPR",
        "role": "Art. 4(7), 4(8), 26 GDPR",
        "controller_id": "Art. 30(1)(a) GDPR",
        "art26_arrangement": "Art. 26 GDPR",
        "purpose_ids": "Art. 30(1)(b) GDPR",
        "asset_ids": "Art. 30(1)(c) GDPR",
        "data_subject_categories": "Art. 30(1)(c) GDPR",
        "recipients": "Art. 30(1)(d) GDPR",
        "no_recipients_confirmed": "Art. 30(1)(d) GDPR",
        "transfers": "Art. 30(1)(e), 44 GDPR",
        "no_transfers_confirmed": "Art. 30(1)(e) GDPR",
        "security_measures": "Art. 30(1)(g), 32(1) GDPR",
    }
    shows = {
        "is_running": flag,
        "effective_from": day,
        "role": code(legal.ROLES),
        "controller_id": lambda value, names: [names.of(value)] if value else [],
        "purpose_ids": named,
        "asset_ids": named,
        "data_subject_categories": codes(legal.DATA_SUBJECTS),
        "recipients": _recipients,
        "no_recipients_confirmed": true,
        "transfers": _transfers,
        "no_transfers_confirmed": true,
        "security_measures": codes(legal.SECURITY_MEASURES),
    }
    always = frozenset({"purpose_ids", "asset_ids", "data_subject_categories", "security_measures"})

    def __init__(
        self,
        *given: Any,
        controllers: Iterable[tuple[str, str]],
        purposes: Iterable[tuple[str, Term]],
        assets: Iterable[tuple[str, Term]],
        **options: Any,
    ) -> None:
        super().__init__(*given, **options)
        named = {"controller_id": controllers, "purpose_ids": purposes, "asset_ids": assets}
        for name, found in named.items():
            self.fields[name].choices = list(found)  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, content: ActivityContent) -> dict[str, Any]:
        return {
            **super().initial_of(content),
            "controller_id": str(content.controller_id or ""),
            "purpose_ids": [str(uid) for uid in content.purpose_ids],
            "asset_ids": [str(uid) for uid in content.asset_ids],
            "data_subject_categories": sorted(content.data_subject_categories),
            "security_measures": sorted(content.security_measures),
            "recipients": [asdict(each) for each in content.recipients],
            "transfers": [asdict(each) for each in content.transfers],
        }

    def content(self) -> ActivityContent:
        given = {field.name: self.cleaned_data[field.name] for field in fields(ActivityContent)}
        given |= {
            "role": Role(given["role"]),
            "controller_id": uid_of(given["controller_id"]),
            "purpose_ids": tuple(sorted(map(UUID, given["purpose_ids"]))),
            "asset_ids": tuple(sorted(map(UUID, given["asset_ids"]))),
            "data_subject_categories": frozenset(map(DataSubjectCategory, given["data_subject_categories"])),
            "security_measures": frozenset(map(SecurityMeasure, given["security_measures"])),
        }
        return ActivityContent(**given)
