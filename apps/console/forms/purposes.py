"""A purpose, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.compliance.commands import PurposeContent
from apps.compliance.queries import (
    EVIDENCE,
    Art9Condition,
    Art10Basis,
    Art89Safeguard,
    BiometricUse,
    Content,
    LawfulBasis,
    Presumption,
    specs_of,
)
from apps.console import legal
from apps.console.forms.legal import field_of, show_of, typed_of
from apps.console.forms.record import (
    Check,
    Line,
    Option,
    Options,
    RecordForm,
    Section,
    a_day,
    code,
    codes,
    day,
    flag,
    line,
    long_text,
    short_text,
    true,
)
from apps.console.legal import Term, choices, term

SHOWN_BY = specs_of(Content)["evidence"]
"""As every other record asks for it."""


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
    description = long_text(
        _("What is done, and to what end"),
        _("Two or three sentences that an outsider understands. Needed before a review."),
    )
    is_model_training = Check(
        label=_("Models are trained"),
        help_text=_("The data teach a model, so that traces of them may stay in it."),
        required=False,
    )
    valid_from = a_day(_("Holds from"), _("Empty means: from today."))
    valid_to = a_day(_("Ends on"), _("The first day on which it no longer holds. Empty means: no end."))
    lawful_basis = Option(
        label=_("Lawful basis"),
        help_text=_(
            "The law forbids the use of personal data unless one of six reasons allows it. Choose exactly "
            "one. If two seem to fit, record two purposes."
        ),
        required=False,
        choices=[*choices(legal.LAWFUL_BASES), ("", legal.NO_BASIS)],
    )
    consent_ref = short_text(_("Record of the consent"), _("Where the text people agreed to is kept."))
    is_consent_explicit = forms.TypedChoiceField(
        label=_("Is the consent explicit?"),
        help_text=_("An express statement, such as a signature or a ticked box, about exactly this use."),
        choices=[("", _("Not stated")), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda word: word == "yes",
        empty_value=None,
        required=False,
    )
    contract_ref = short_text(_("Contract"), _("Which contract, or which kind of contract."))
    legal_provision = short_text(
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
    vital_interest_note = long_text(_("Whose life or health is at stake"), _("And why no other basis fits."))
    lia_ref = short_text(
        _("Legitimate interests assessment"),
        _("Where our interest was weighed in writing against those of the people: a reference like LIA-7."),
    )
    biometric_use = Option(
        label=_("What are faces, voices and other traits of a body used for?"),
        help_text=_("Only where they tell who somebody is are they of a special category."),
        required=False,
        choices=[("", Term(name=_("Not stated"))), *choices(legal.BIOMETRIC_USES)],
    )
    evidence = field_of("evidence", SHOWN_BY)
    art9_conditions = Options(
        label=_("Conditions for special categories"),
        help_text=_(
            "Data on health, genes, biometric identity, origin, opinions, belief, trade union, sex life. "
            "They may not be used unless one of these applies, besides the lawful basis above."
        ),
        required=False,
        choices=choices(legal.ART9_CONDITIONS),
    )
    art9_law_ref = short_text(
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
    art10_law_ref = short_text(_("Law on offences"), _("The provision that authorizes it."))
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
                "biometric_use",
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
            lead=_("Needed for Art. 9(2)(j), and to use data that were collected for something else."),
            names=("presumption", "art89_safeguards"),
            is_seldom=True,
        ),
        Section(
            id="time",
            title=_("How long it holds"),
            lead=_("Access for this purpose never lasts longer."),
            names=("valid_from", "valid_to"),
        ),
        Section(
            id=EVIDENCE.id,
            title=EVIDENCE.title,
            lead=EVIDENCE.lead,
            names=EVIDENCE.names,
            is_seldom=True,
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
        "biometric_use": "Art. 4(14), rec. 51 GDPR",
        "art9_conditions": "Art. 9(2) GDPR",
        "art9_law_ref": "Art. 9(2) GDPR",
        "has_professional_secrecy": "Art. 9(3) GDPR",
        "art10_basis": "Art. 10 GDPR",
        "art10_law_ref": "Art. 10 GDPR",
        "presumption": "Art. 5(1)(b) GDPR",
        "art89_safeguards": "Art. 89(1) GDPR",
        "valid_from": "Art. 5(1)(e) GDPR",
        "valid_to": "Art. 5(1)(e) GDPR",
        "evidence": SHOWN_BY.article,
    }
    shows = {
        "is_model_training": true,
        "lawful_basis": lambda value, names: [
            line(term(legal.LAWFUL_BASES, value) if value else legal.NO_BASIS)
        ],
        "is_consent_explicit": flag,
        "is_art23_law": flag,
        "biometric_use": code(legal.BIOMETRIC_USES),
        "evidence": show_of(SHOWN_BY),
        "art9_conditions": codes(legal.ART9_CONDITIONS),
        "has_professional_secrecy": true,
        "art10_basis": code(legal.ART10_BASES),
        "presumption": lambda value, names: (
            [] if value == Presumption.NONE else [line(term(legal.PRESUMPTIONS, value))]
        ),
        "art89_safeguards": codes(legal.ART89_SAFEGUARDS),
        "valid_from": day,
        "valid_to": lambda value, names: day(value, names) or [Line(text=_("no end"))],
        "concept_code": lambda value, names: [names.of(value)],
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
            "evidence": typed_of(SHOWN_BY, content.evidence),
        }

    def content(self) -> PurposeContent:
        given = {field.name: self.cleaned_data[field.name] for field in fields(PurposeContent)}
        basis, authority = given["lawful_basis"], given["art10_basis"]
        given |= {
            "lawful_basis": LawfulBasis(basis) if basis else None,
            "art9_conditions": frozenset(map(Art9Condition, given["art9_conditions"])),
            "art10_basis": Art10Basis(authority) if authority else None,
            "biometric_use": BiometricUse(given["biometric_use"]) if given["biometric_use"] else None,
            "art89_safeguards": frozenset(map(Art89Safeguard, given["art89_safeguards"])),
            "presumption": Presumption(given["presumption"] or Presumption.NONE),
        }
        return PurposeContent(**given)
