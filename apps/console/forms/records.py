"""What a record says, field by field: asked here, and shown from the same description.

A form of a kind of record names its `sections`, and the article each field rests on; the page of the record,
its versions and their differences are drawn from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.compliance.commands import ActivityContent, PurposeContent, Recipient, Transfer
from apps.compliance.queries import (
    Art9Condition,
    Art10Basis,
    Art89Safeguard,
    DataSubjectCategory,
    LawfulBasis,
    Presumption,
    RecipientKind,
    Role,
    SecurityMeasure,
    TransferMechanism,
)
from apps.console import legal
from apps.console.forms.house import LONGEST_TEXT, HouseForm, OnceForm
from apps.console.legal import Term, choices, term
from apps.console.page import uid_of
from apps.kernel.errors import LakewardenError, RuleBroken
from apps.policy.reason import Reason

BLANK_ROWS = 2
MOST_ROWS = 100
MOST_FOUND = 20
EMPTY: tuple[Any, ...] = (None, "", [], False, Presumption.NONE)
"""What an untouched field holds."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Fields under one heading. `is_seldom`: folded away while nothing stands in it."""

    id: str
    title: Any
    names: tuple[str, ...]
    lead: Any = ""
    is_seldom: bool = False


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section with its fields, each with the article it rests on."""

    section: Section
    fields: list[tuple[forms.BoundField, str]]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of what a field says; `url` leads to what is named."""

    text: Any
    note: Any = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Names:
    """How things that a content names by uid are called, as far as the reader may see them."""

    lines: Mapping[UUID, Line]

    def of(self, uid: UUID) -> Line:
        return self.lines.get(uid) or Line(text=_("one you may not see"))


Show = Callable[[Any, Names], list[Line]]


class Options(forms.MultipleChoiceField):
    shape = "options"
    widget = forms.CheckboxSelectMultiple


class Option(forms.ChoiceField):
    shape = "options"
    widget = forms.RadioSelect


class Check(forms.BooleanField):
    shape = "check"


class Cells(forms.Widget):
    """Columns of one name each, read down into rows."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        super().__init__()
        self.columns = columns

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        given = [data.getlist(f"{name}-{column}")[:MOST_ROWS] for column in self.columns]
        longest = max(map(len, given), default=0)
        filled = [[*cells, *[""] * (longest - len(cells))] for cells in given]
        rows = [dict(zip(self.columns, cells, strict=True)) for cells in zip(*filled, strict=True)]
        return [row for row in rows if any(text.strip() for text in row.values())]


@dataclass(frozen=True, kw_only=True)
class Column:
    """`options` makes it a choice. `is_short`: a few letters."""

    name: str
    label: Any
    options: tuple[tuple[str, Term], ...] = ()
    is_short: bool = False


class Rows(forms.Field):
    """A small table: filled rows, and some blank ones to write into."""

    shape = "rows"

    def __init__(self, *, columns: tuple[Column, ...], read: Callable[[dict[str, str]], Any], **options: Any):
        super().__init__(widget=Cells(tuple(column.name for column in columns)), required=False, **options)
        self.columns, self.read = columns, read

    def clean(self, value: Any) -> tuple[Any, ...]:
        return tuple(self.read({name: text.strip() for name, text in row.items()}) for row in value or ())

    def grid(self, rows: Any) -> list[list[tuple[Column, str]]]:
        """Cells of the rows there are, and of blank ones after them."""
        shown = [*(rows or ()), *[{}] * BLANK_ROWS]
        return [[(column, row.get(column.name) or "") for column in self.columns] for row in shown]


class Picks(forms.MultipleChoiceField):
    """Some of many: what is chosen, and what a search found."""

    shape = "picks"
    widget = forms.CheckboxSelectMultiple


def _text(value: str, names: Names) -> list[Line]:
    return [Line(text=value)] if value else []


def _day(value: date | None, names: Names) -> list[Line]:
    return [Line(text=date_format(value, "j M Y"))] if value else []


def _flag(value: bool | None, names: Names) -> list[Line]:
    return [] if value is None else [Line(text=_("yes") if value else _("no"))]


def _true(value: bool, names: Names) -> list[Line]:
    return [Line(text=_("yes"))] if value else []


def _named(value: Iterable[UUID], names: Names) -> list[Line]:
    return sorted((names.of(uid) for uid in value), key=lambda line: str(line.text))


def _line(found: Term) -> Line:
    return Line(text=found.name, note=found.article)


def _code(terms: dict[str, Term]) -> Show:
    return lambda value, names: [_line(term(terms, value))] if value else []


def _codes(terms: dict[str, Term]) -> Show:
    return lambda value, names: [_line(term(terms, code)) for code in sorted(value)]


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


def _long(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "placeholder": " "})
    return forms.CharField(
        label=label, help_text=help_text, widget=widget, required=False, max_length=LONGEST_TEXT
    )


def _short(label: Any, help_text: Any, **options: Any) -> forms.CharField:
    """One line; the blank placeholder tells the style sheet whether something stands in it."""
    made: dict[str, Any] = {"required": False, "max_length": 300, **options}
    widget = forms.TextInput(attrs={"placeholder": " "})
    return forms.CharField(label=label, help_text=help_text, widget=widget, **made)


def _date(label: Any, help_text: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as year, month, day: 2027-03-31.")},
    )


class RecordForm(OnceForm):
    """`row_version` is that of what was read when an existing record is edited."""

    row_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    sections: ClassVar[tuple[Section, ...]] = ()
    articles: ClassVar[dict[str, str]] = {}
    shows: ClassVar[dict[str, Show]] = {}
    always: ClassVar[frozenset[str]] = frozenset()
    """Fields that are shown although nothing stands in them."""

    @property
    def parts(self) -> list[Part]:
        return [_part(self, section) for section in self.sections]

    def content(self) -> Any:
        """What was typed, as the command takes it. Only of a valid form."""
        raise NotImplementedError

    @classmethod
    def initial_of(cls, content: Any) -> dict[str, Any]:
        return {field.name: getattr(content, field.name) for field in fields(content)}

    def take(self, fault: LakewardenError) -> tuple[Reason, ...]:
        return super().take(RuleBroken(*map(self.worded, fault.reasons)))

    def show_beside(self, reasons: Iterable[Reason]) -> tuple[Reason, ...]:
        """In a form that was not sent: what is still missing; answers with what no field can show."""
        self.full_clean()
        self.cleaned_data = {}
        return self.take(RuleBroken(*reasons))

    @classmethod
    def worded(cls, reason: Reason) -> Reason:
        """With the labels of fields in place of their names."""
        labels = {name: f"“{field.label}”" for name, field in cls.base_fields.items()}
        facts = {
            name: labels.get(value, value) if isinstance(value, str) else value
            for name, value in reason.facts.items()
        }
        return replace(reason, facts=facts)

    @classmethod
    def lines(cls, content: Any, name: str, names: Names) -> list[Line]:
        return cls.shows.get(name, _text)(getattr(content, name), names)


def _part(form: RecordForm, section: Section) -> Part:
    found = [form[name] for name in section.names]
    is_filled = any(field.errors or field.value() not in EMPTY for field in found)
    return Part(
        section=section,
        fields=[(field, form.articles.get(field.name, "")) for field in found],
        is_open=is_filled or not section.is_seldom,
    )


class PurposeForm(RecordForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("The aim, so that the people concerned would recognize it: “predict pump failures”."),
        max_length=200,
        error_messages={"required": _("Give the purpose a name.")},
    )
    concept_code = forms.ChoiceField(
        label=_("Kind of purpose"),
        help_text=_(
            "The nearest term of the Data Privacy Vocabulary. Datasets are opened by kind of purpose."
        ),
        error_messages={
            "required": _("Choose the kind of purpose."),
            "invalid_choice": _("Choose one of the kinds of purpose in use."),
        },
    )
    description = _long(
        _("What is done, and to what end"),
        _("Two or three sentences that an outsider understands. Needed before a review."),
    )
    is_model_training = Check(
        label=_("Models are trained"),
        help_text=_("The data teach a model, so that traces of them may stay in it."),
        required=False,
    )
    valid_from = _date(_("Holds from"), _("Empty means: from today."))
    valid_to = _date(_("Holds until, exclusive"), _("The first day too late. Empty means: no end."))
    lawful_basis = Option(
        label=_("Lawful basis"),
        help_text=_(
            "The law forbids the use of personal data unless one of six reasons allows it. Choose exactly "
            "one. If two seem to fit, record two purposes."
        ),
        required=False,
        choices=[("", legal.NO_BASIS), *choices(legal.LAWFUL_BASES)],
    )
    consent_ref = _short(_("Record of the consent"), _("Where the text people agreed to is kept."))
    is_consent_explicit = forms.TypedChoiceField(
        label=_("Is the consent explicit?"),
        help_text=_("An express statement, such as a signature or a ticked box, about exactly this use."),
        choices=[("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        required=False,
    )
    contract_ref = _short(_("Contract"), _("Which contract, or which kind of contract."))
    legal_provision = _short(
        _("Legal provision"), _("The law and its section that obliges us or entrusts us with the task.")
    )
    is_art23_law = forms.TypedChoiceField(
        label=_("Does that law allow a use other than the one the data were collected for?"),
        help_text=_("Laws that protect, for example, public security or the rights of others (Art. 23(1))."),
        choices=[("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        required=False,
    )
    vital_interest_note = _long(_("Whose life or health is at stake"), _("And why no other basis fits."))
    lia_ref = _short(
        _("Legitimate interests assessment"),
        _("Where our interest was weighed in writing against those of the people: a reference like LIA-7."),
    )
    art9_conditions = Options(
        label=_("Conditions for special categories"),
        help_text=_(
            "Data on health, genes, biometric identity, origin, opinions, belief, trade union, sex life. "
            "They may not be used unless one of these applies, besides the lawful basis above."
        ),
        required=False,
        choices=choices(legal.ART9_CONDITIONS),
    )
    art9_law_ref = _short(
        _("Law behind the condition"),
        _("For (b) a collective agreement and for (h) a contract with a health professional will do."),
    )
    has_professional_secrecy = Check(
        label=_("Everybody who works with the data is bound to professional secrecy"),
        help_text=_("Doctors, nurses and others who would be punished for telling."),
        required=False,
    )
    art10_basis = Option(
        label=_("Criminal convictions and offences"),
        help_text=_("May data about them be used, and on whose authority?"),
        required=False,
        choices=[("", legal.ART10_OPEN), *choices(legal.ART10_BASES)],
    )
    art10_law_ref = _short(_("Law on offences"), _("The provision that authorizes it."))
    presumption = Option(
        label=_("May data collected for something else be used?"),
        help_text=_("Archiving, research and statistics count as compatible, if safeguards are in place."),
        required=False,
        choices=choices(legal.PRESUMPTIONS),
    )
    art89_safeguards = Options(
        label=_("Safeguards for research, archives and statistics"),
        help_text=_("What protects the people. At least one is needed."),
        required=False,
        choices=choices(legal.ART89_SAFEGUARDS),
    )

    sections = (
        Section(
            id="aim",
            title=_("The aim"),
            lead=_("What the data are used for, in words anybody understands."),
            names=("name", "concept_code", "description", "is_model_training"),
        ),
        Section(
            id="basis",
            title=_("Why it is lawful"),
            lead=_("One reason the law accepts, and where it is written down."),
            names=(
                "lawful_basis",
                "consent_ref",
                "is_consent_explicit",
                "contract_ref",
                "legal_provision",
                "is_art23_law",
                "vital_interest_note",
                "lia_ref",
            ),
        ),
        Section(
            id="special",
            title=_("Special categories and offences"),
            lead=_("Only if health, belief, origin and the like, or criminal offences, are really meant."),
            names=(
                "art9_conditions",
                "art9_law_ref",
                "has_professional_secrecy",
                "art10_basis",
                "art10_law_ref",
            ),
            is_seldom=True,
        ),
        Section(
            id="research",
            title=_("Research, archives, statistics"),
            lead=_("Only if data that were collected for something else shall be used for these."),
            names=("presumption", "art89_safeguards"),
            is_seldom=True,
        ),
        Section(
            id="time",
            title=_("How long it holds"),
            lead=_("Access for this purpose never lasts longer."),
            names=("valid_from", "valid_to"),
        ),
    )
    articles = {
        "name": "Art. 5(1)(b) GDPR",
        "concept_code": "Art. 5(1)(b) GDPR",
        "description": "Art. 5(1)(b), 30(1)(b) GDPR",
        "lawful_basis": "Art. 6(1) GDPR",
        "consent_ref": "Art. 7(1) GDPR",
        "is_consent_explicit": "Art. 9(2)(a) GDPR",
        "contract_ref": "Art. 6(1)(b) GDPR",
        "legal_provision": "Art. 6(3) GDPR",
        "is_art23_law": "Art. 6(4), 23(1) GDPR",
        "vital_interest_note": "Art. 6(1)(d) GDPR",
        "lia_ref": "Art. 6(1)(f) GDPR",
        "art9_conditions": "Art. 9(2) GDPR",
        "art9_law_ref": "Art. 9(2) GDPR",
        "has_professional_secrecy": "Art. 9(3) GDPR",
        "art10_basis": "Art. 10 GDPR",
        "art10_law_ref": "Art. 10 GDPR",
        "presumption": "Art. 5(1)(b) GDPR",
        "art89_safeguards": "Art. 89(1) GDPR",
        "valid_from": "Art. 5(1)(e) GDPR",
        "valid_to": "Art. 5(1)(e) GDPR",
    }
    shows = {
        "is_model_training": _true,
        "lawful_basis": lambda value, names: [
            _line(term(legal.LAWFUL_BASES, value) if value else legal.NO_BASIS)
        ],
        "is_consent_explicit": _flag,
        "is_art23_law": _flag,
        "art9_conditions": _codes(legal.ART9_CONDITIONS),
        "has_professional_secrecy": _true,
        "art10_basis": _code(legal.ART10_BASES),
        "presumption": lambda value, names: (
            [] if value == Presumption.NONE else [_line(term(legal.PRESUMPTIONS, value))]
        ),
        "art89_safeguards": _codes(legal.ART89_SAFEGUARDS),
        "valid_from": _day,
        "valid_to": _day,
    }
    always = frozenset({"description", "lawful_basis", "valid_to"})

    def __init__(self, *given: Any, concepts: Iterable[Any], **options: Any) -> None:
        super().__init__(*given, **options)
        found = [(concept.code, concept.label) for concept in concepts]
        found.sort(key=lambda each: str(each[1]).casefold())
        self.fields["concept_code"].choices = [("", _("Choose a kind")), *found]  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, content: PurposeContent) -> dict[str, Any]:
        words = {None: "", True: "yes", False: "no"}
        return {
            **super().initial_of(content),
            "is_consent_explicit": words[content.is_consent_explicit],
            "is_art23_law": words[content.is_art23_law],
            "art9_conditions": sorted(content.art9_conditions),
            "art89_safeguards": sorted(content.art89_safeguards),
        }

    def content(self) -> PurposeContent:
        given = {field.name: self.cleaned_data[field.name] for field in fields(PurposeContent)}
        basis, authority = given["lawful_basis"], given["art10_basis"]
        given |= {
            "lawful_basis": LawfulBasis(basis) if basis else None,
            "art9_conditions": frozenset(map(Art9Condition, given["art9_conditions"])),
            "art10_basis": Art10Basis(authority) if authority else None,
            "art89_safeguards": frozenset(map(Art89Safeguard, given["art89_safeguards"])),
            "presumption": Presumption(given["presumption"] or Presumption.NONE),
        }
        return PurposeContent(**given)


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
    description = _long(
        _("Description"), _("What happens to the data, from where they come to where they end.")
    )
    is_running = Check(
        label=_("It takes place already"),
        help_text=_(
            "Then it is recorded as it is, even where something is missing; it is blocked until then."
        ),
        required=False,
    )
    effective_from = _date(_("Takes effect on"), _("Empty means: today."))
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
    art26_arrangement = _short(
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
        "is_running": _flag,
        "effective_from": _day,
        "role": _code(legal.ROLES),
        "controller_id": lambda value, names: [names.of(value)] if value else [],
        "purpose_ids": _named,
        "asset_ids": _named,
        "data_subject_categories": _codes(legal.DATA_SUBJECTS),
        "recipients": _recipients,
        "no_recipients_confirmed": _true,
        "transfers": _transfers,
        "no_transfers_confirmed": _true,
        "security_measures": _codes(legal.SECURITY_MEASURES),
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


class ReasonForm(HouseForm):
    """For what is said with a reason, and for what is confirmed without one."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Kept in the trail, and read by those who work with the record."),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=LONGEST_TEXT,
    )


class ReviewForm(ReasonForm):
    """Names the version that was read."""

    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class SeenForm(HouseForm):
    row_version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
