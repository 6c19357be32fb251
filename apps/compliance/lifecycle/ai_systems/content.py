"""What a record of an AI system says, field by field, and what it must say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.ai_systems.words import (
    AnnexUse,
    BiasCondition,
    Derogation,
    Governance,
    OrgRole,
    PersonalData,
    Practice,
    RiskClass,
)
from apps.compliance.lifecycle.declaration import (
    Around,
    Content,
    choice,
    flag,
    found,
    line,
    many,
    one,
    some,
    text,
)
from apps.policy.reason import Reason, declare

HIGH = (RiskClass.HIGH_ANNEX_I, RiskClass.HIGH_ANNEX_III)


def is_high(content: AiSystemContent) -> bool:
    return content.risk_class in HIGH


def _is_derogated(content: AiSystemContent) -> bool:
    return content.risk_class is RiskClass.NOT_HIGH


WITHOUT_USES = (RiskClass.TRANSPARENCY, RiskClass.GPAI, RiskClass.GPAI_SYSTEMIC, RiskClass.MINIMAL)
"""Classes that no use of Annex III belongs to. An experiment may be one for such a use."""


@dataclass(frozen=True, kw_only=True)
class AiSystemContent(Content):
    version_label: str = line(_("Version of the system"), needed=True)
    intended_purpose: str = text(
        _("What it is meant for"), _("As users are told."), article="Art. 3(12) AI Act", needed=True
    )
    role: OrgRole | None = choice(OrgRole, _("What we are"), article="Art. 3 AI Act", needed=True)
    risk_class: RiskClass | None = choice(RiskClass, _("Class"), article="Art. 5, 6 AI Act", needed=True)
    practices: frozenset[Practice] = many(
        Practice,
        _("Prohibited practices"),
        _("Those it is meant for or comes to."),
        article="Art. 5(1) AI Act",
        rule="A34",
        needed=lambda content: content.risk_class is RiskClass.PROHIBITED,
    )
    annex_uses: frozenset[AnnexUse] = many(
        AnnexUse,
        _("Uses of Annex III"),
        article="Annex III AI Act",
        needed=lambda content: content.risk_class in (RiskClass.HIGH_ANNEX_III, RiskClass.NOT_HIGH),
    )
    derogations: frozenset[Derogation] = many(
        Derogation,
        _("What keeps its risk low"),
        _("For a use of Annex III without high risk: at least one of these."),
        article="Art. 6(3) AI Act",
        needed=_is_derogated,
    )
    not_high_assessment: str = text(
        _("Why it is not of high risk"),
        _("As it was documented before it was put on the market or into service."),
        article="Art. 6(4) AI Act",
        needed=_is_derogated,
    )
    is_profiling: bool | None = flag(
        _("Does it profile people?"), article="Art. 6(3) AI Act", rule="V-27", needed=True
    )
    needs_transparency: bool | None = flag(
        _("Does it have to make itself known?"), article="Art. 50 AI Act", needed=True
    )
    is_gpai: bool | None = flag(_("Is it a general-purpose model?"), article="Art. 53 AI Act", needed=True)
    purposes: tuple[UUID, ...] = some(
        "purpose",
        _("Purposes it is trained and used for"),
        _("Who trains or uses a model for one of them is taken to mean this system."),
        article="Art. 5 AI Act",
        rule="A34",
    )
    is_pure_research: bool | None = flag(
        _("Is it developed and put into service for research alone?"), article="Art. 2(6) AI Act"
    )
    models: tuple[UUID, ...] = some("asset", _("Models"))
    training: tuple[UUID, ...] = some("asset", _("Training data"), article="Art. 10 AI Act")
    validation: tuple[UUID, ...] = some("asset", _("Validation data"), article="Art. 10 AI Act")
    testing: tuple[UUID, ...] = some("asset", _("Test data"), article="Art. 10 AI Act")
    model_versions: tuple[UUID, ...] = some(
        "version", _("Versions of the models"), _("What they were made from is told beside them.")
    )
    training_versions: tuple[UUID, ...] = some(
        "version", _("Trained on these versions"), article="Art. 10 AI Act", rule="V-28"
    )
    validation_versions: tuple[UUID, ...] = some(
        "version", _("Validated with these versions"), article="Art. 10 AI Act", rule="V-28"
    )
    testing_versions: tuple[UUID, ...] = some(
        "version", _("Tested with these versions"), article="Art. 10 AI Act", rule="V-28"
    )
    labeling: str = text(_("How labels were made"), article="Annex IV 2(d) AI Act", rule="V-28")
    personal_data: PersonalData | None = choice(
        PersonalData, _("Are personal data in it?"), article="EDPB 28/2024", needed=True
    )
    governance: frozenset[Governance] = many(
        Governance, _("What is on record about the data"), article="Art. 10(2) AI Act"
    )
    corrects_bias: bool | None = flag(
        _("Are sensitive data used only to find and correct bias?"),
        _("The law allows it to the provider of a system of high risk, under six conditions."),
        article="Art. 10(5) AI Act",
        rule="A36",
    )
    bias_conditions: frozenset[BiasCondition] = many(
        BiasCondition, _("Conditions that are met"), article="Art. 10(5) AI Act", rule="A36"
    )
    technical_file: str = line(
        _("Technical documentation"), article="Art. 11, Annex IV AI Act", needed=is_high
    )
    oversight: str = text(_("Who watches over it"), article="Art. 14, 26 AI Act", needed=is_high)
    robustness: str = text(_("Accuracy and robustness"), article="Art. 15 AI Act", needed=is_high)
    log_months: str = line(
        _("How long its logs are kept"), _("Six months at least."), article="Art. 19, 26(6) AI Act"
    )
    are_workers_told: bool | None = flag(
        _("Were the workers told who work with it or are watched by it?"),
        _("Yes, too, where there are none."),
        article="Art. 26(7) AI Act",
    )
    dpia: UUID | None = one("impact-assessments", _("Impact assessment"), article="Art. 26(9) AI Act")
    serves_public: bool | None = flag(
        _("Are we a public body, or do we provide a public service with it?"),
        _("Who does assesses fundamental rights first, whatever the use of Annex III is; but for 2."),
        article="Art. 27(1) AI Act",
    )
    rights_assessment: str = line(_("Assessment of fundamental rights"), article="Art. 27 AI Act")
    risk_management: str = line(
        _("Risk management"), _("Where the risks and what is done about them stand."), article="Art. 9 AI Act"
    )
    instructions: str = line(_("Instructions for use"), article="Art. 13 AI Act")
    quality_management: str = line(_("Quality management"), article="Art. 17 AI Act")
    conformity: str = line(_("Assessment of conformity"), article="Art. 43 AI Act")
    declaration: str = line(_("EU declaration of conformity"), article="Art. 47, 48 AI Act")
    registration: str = line(_("Number in the EU database"), article="Art. 49, 71 AI Act")
    monitoring_plan: str = line(_("Plan for watching it on the market"), article="Art. 72 AI Act")

    @classmethod
    def said_now(cls, kept: Mapping[str, Any]) -> Mapping[str, Any]:
        """Versions from before Annex III was a list hold one point as text: it counts where it is one of it,
        and is open where it is not."""
        if "annex_point" not in kept:
            return kept
        point = "".join(str(kept["annex_point"]).split())
        uses = [point] if point in [each.value for each in AnnexUse] else []
        return {**{name: kept[name] for name in kept if name != "annex_point"}, "annex_uses": uses}


PRACTICE_OF_ANOTHER_CLASS = declare(
    "AI_PRACTICE_OF_ANOTHER_CLASS",
    "It names a practice that Art. 5 prohibits (%(practices)s), and another class.",
    "Choose the prohibited class, or take the practice away.",
)
USE_OF_ANOTHER_CLASS = declare(
    "AI_USE_OF_ANOTHER_CLASS",
    "It names a use of Annex III (%(uses)s), and a class that has none.",
    "Choose the class of Annex III, with or without high risk, or take the use away.",
)
PROFILES_NEVERTHELESS = declare(
    "AI_PROFILES_NEVERTHELESS",
    "A system of Annex III that profiles people is always of high risk.",
    "Choose the class of high risk, or show that it does not profile.",
)
HIGH_RISK_DATA_MISSING = declare(
    "AI_HIGH_RISK_DATA_MISSING",
    "A system of high risk, and %(field)s is not filled in.",
    "Name the versions it was trained, validated and tested with, and how their labels were made.",
)


def faults(content: AiSystemContent, around: Around) -> Iterator[Reason]:
    """What it names and its class do not go together."""
    if content.practices and content.risk_class is not RiskClass.PROHIBITED:
        named = tuple(sorted(each.value for each in content.practices))
        yield found(PRACTICE_OF_ANOTHER_CLASS, "risk_class", "A34", "AI Act Art. 5(1)", practices=named)
    if content.annex_uses and content.risk_class in WITHOUT_USES:
        named = tuple(sorted(each.value for each in content.annex_uses))
        yield found(USE_OF_ANOTHER_CLASS, "risk_class", "", "AI Act Art. 6(2)", uses=named)


def gaps(content: AiSystemContent, around: Around) -> Iterator[Reason]:
    if content.risk_class is RiskClass.NOT_HIGH and content.is_profiling:
        yield found(PROFILES_NEVERTHELESS, "risk_class", "V-27", "AI Act Art. 6(3)")
    for name, article in _DATA_OF_HIGH_RISK.items():
        if is_high(content) and not getattr(content, name):
            yield found(HIGH_RISK_DATA_MISSING, name, "V-28", article, field=name)


_DATA_OF_HIGH_RISK = {
    "training_versions": "AI Act Art. 10",
    "validation_versions": "AI Act Art. 10",
    "testing_versions": "AI Act Art. 10",
    "labeling": "AI Act Annex IV 2(d)",
}
