"""A processing activity, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.compliance.commands import ActivityContent, Recipient, Transfer
from apps.compliance.queries import (
    PARTIES,
    DataSubjectCategory,
    Particulars,
    RecipientKind,
    Role,
    SecurityMeasure,
    Shape,
    TransferMechanism,
    specs_of,
)
from apps.console import legal
from apps.console.direction import together
from apps.console.forms.legal import field_of, said_of, show_of, typed_of
from apps.console.forms.record import (
    Check,
    Line,
    Names,
    Option,
    Options,
    Picks,
    RecordForm,
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
from apps.console.forms.rows import Column, Rows
from apps.console.legal import Term, choices, term
from apps.console.page import uid_of
from apps.policy.reason import Reason

SPECS = specs_of(Particulars)
TABLES = {
    name: {column: told.of for column, told in specs_of(spec.row).items() if told.of}
    for name, spec in SPECS.items()
    if spec.row is not None
}
"""Columns that choose among records, or among kinds of data."""
PICKED = tuple(name for name, spec in SPECS.items() if spec.shape is Shape.SOME)


def _recipients(value: Iterable[Recipient], names: Names) -> list[Line]:
    return [_recipient(each, names) for each in value]


def _recipient(each: Recipient, names: Names) -> Line:
    kind = term(legal.RECIPIENT_KINDS, each.kind)
    kept = names.of(each.party_id) if each.party_id else None
    name = each.party or (kept.text if kept else "")
    told = [str(kind if name else kind.article), each.country, str(kept.note) if kept else ""]
    note = together(filter(None, told), " · ")
    return Line(text=name or kind.name, note=note, url=kept.url if kept else "")


def _transfers(value: Iterable[Transfer], names: Names) -> list[Line]:
    return [
        Line(
            text=gettext("%(importer)s (%(country)s)") % {"importer": each.importer, "country": each.country},
            note=together(filter(None, (_rests_on(each), each.instrument_ref)), " · "),
        )
        for each in value
    ]


def _rests_on(transfer: Transfer) -> Any:
    named = transfer.mechanism
    return term(legal.TRANSFER_MECHANISMS, named) if named else _("no mechanism named")


def _read_recipient(row: dict[str, str]) -> Recipient:
    if row["kind"] not in set(RecipientKind):
        raise forms.ValidationError(_("Choose for each recipient what it is."))
    if len(row["party"]) > 300:
        raise forms.ValidationError(_("Name the recipient in at most 300 letters."))
    country = row["country"].upper()
    if country and not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise forms.ValidationError(_("Use the two letters of ISO 3166-1, for example US."))
    return Recipient(
        kind=RecipientKind(row["kind"]),
        party=row["party"],
        country=country,
        party_id=uid_of(row["party_id"]),
    )


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


class OwnFields(RecordForm):
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
            Column(name="country", label=_("Country, two letters"), is_short=True),
            Column(name="party_id", label=_("Its record"), options=(("", Term(name="–")),)),
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
            names=("name", "description", "business_function", "is_running", "effective_from"),
        ),
        Section(
            id="who",
            title=_("Who answers for it"),
            names=(
                "role",
                "controller_id",
                "dpo",
                "has_no_dpo",
                "representative",
                "has_no_representative",
                "is_public_task",
            ),
        ),
        Section(
            id="together",
            title=_("Together with others, or for others"),
            lead=_("Only where the organization is a joint controller or a processor."),
            names=("joint_controllers", "art26_arrangement", "on_behalf", "sub_processors"),
            is_seldom=True,
        ),
        Section(
            id="why",
            title=_("For what, and about whom"),
            names=("purpose_ids", "asset_ids", "data_subject_categories", "min_age"),
        ),
        Section(
            id="data",
            title=_("Which data, and how long"),
            names=(
                "personal_data",
                "identifiability",
                "anonymity_assessment",
                "no_time_limits_reason",
                "is_retained_as_planned",
                "retained_why",
            ),
        ),
        Section(
            id="told",
            title=_("Where the data come from, and what the people are told"),
            names=("sources", "source_party", "privacy_notice", "art14_exemption"),
        ),
        Section(
            id="decides",
            title=_("Whether machines decide"),
            names=("automation", "art22_basis", "art22_safeguards", "human_review_contact"),
        ),
        Section(
            id="where",
            title=_("Who receives the data, and where they are"),
            names=(
                "recipients",
                "no_recipients_confirmed",
                "transfers",
                "no_transfers_confirmed",
                "transfer_records",
                "places",
                "systems",
            ),
        ),
        Section(
            id="scale",
            title=_("How large it is"),
            names=("subjects_band", "volume", "duration", "geography"),
        ),
        Section(
            id="safe", title=_("How they are protected"), names=("security_measures", "no_measures_reason")
        ),
        Section(
            id="remedy",
            title=_("If something is missing while it takes place"),
            lead=_("It is recorded as it is, and stays blocked until what is missing is put right."),
            names=("remedy_plan", "remedy_owner", "remedy_due"),
            is_seldom=True,
        ),
        Section(id="evidence", title=_("What shows it"), names=("evidence",), is_seldom=True),
    )
    articles = {name: spec.article for name, spec in SPECS.items() if spec.article} | {
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
    shows = {name: show_of(spec) for name, spec in SPECS.items()} | {
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
    always = frozenset(
        {"purpose_ids", "asset_ids", "data_subject_categories", "personal_data", "security_measures"}
    )
    picked = ("purpose_ids", "asset_ids", *PICKED)

    def __init__(
        self,
        *given: Any,
        controllers: Iterable[tuple[str, str]],
        purposes: Iterable[tuple[str, Term]],
        assets: Iterable[tuple[str, Term]],
        picks: Mapping[str, list[tuple[str, Term]]],
        options_of: Mapping[str, list[tuple[str, Term]]],
        **options: Any,
    ) -> None:
        """`picks` are of fields, `options_of` of kinds of record that rows of tables choose from."""
        super().__init__(*given, **options)
        named = {"controller_id": controllers, "purpose_ids": purposes, "asset_ids": assets, **picks}
        for name, found in named.items():
            self.fields[name].choices = list(found)  # type: ignore[attr-defined]
        for name, columns in {**TABLES, "recipients": {"party_id": PARTIES}}.items():
            table: Any = self.fields[name]
            table.columns = tuple(
                replace(each, options=tuple(options_of[columns[each.name]])) if each.name in columns else each
                for each in table.columns
            )

    @classmethod
    def initial_of(cls, content: ActivityContent) -> dict[str, Any]:
        said = content.particulars
        return {
            **super().initial_of(content),
            **{name: typed_of(spec, getattr(said, name)) for name, spec in SPECS.items()},
            "controller_id": str(content.controller_id or ""),
            "purpose_ids": [str(uid) for uid in content.purpose_ids],
            "asset_ids": [str(uid) for uid in content.asset_ids],
            "data_subject_categories": sorted(content.data_subject_categories),
            "security_measures": sorted(content.security_measures),
            "recipients": [
                {**asdict(each), "party_id": str(each.party_id or "")} for each in content.recipients
            ],
            "transfers": [asdict(each) for each in content.transfers],
        }

    @classmethod
    def value_of(cls, content: ActivityContent, name: str) -> Any:
        return getattr(content.particulars if name in SPECS else content, name)

    def field_of(self, reason: Reason) -> str:
        return super().field_of(replace(reason, field=reason.field.removeprefix("particulars.")))

    def content(self) -> ActivityContent:
        typed = self.cleaned_data
        given = {each.name: typed[each.name] for each in fields(ActivityContent) if each.name in typed}
        given |= {
            "role": Role(given["role"]),
            "controller_id": uid_of(given["controller_id"]),
            "purpose_ids": tuple(sorted(map(UUID, given["purpose_ids"]))),
            "asset_ids": tuple(sorted(map(UUID, given["asset_ids"]))),
            "data_subject_categories": frozenset(map(DataSubjectCategory, given["data_subject_categories"])),
            "security_measures": frozenset(map(SecurityMeasure, given["security_measures"])),
            "particulars": Particulars(
                **{name: said_of(spec, typed.get(name)) for name, spec in SPECS.items()}
            ),
        }
        return ActivityContent(**given)


ActivityForm: type[OwnFields] = type(
    "ActivityForm", (OwnFields,), {name: field_of(name, spec) for name, spec in SPECS.items()}
)
"""With a field for each of the particulars."""
