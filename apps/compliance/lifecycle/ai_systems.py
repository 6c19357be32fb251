"""AI systems under Regulation (EU) 2024/1689: class, role, what is documented, and how far it may go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.ai_words import (
    AiStage,
    BiasCondition,
    Governance,
    OrgRole,
    PersonalData,
    RiskClass,
)
from apps.compliance.lifecycle.cycle import BACK, Cycle, Standing, Step, Taker, no_check
from apps.compliance.lifecycle.declaration import (
    EVIDENCE,
    TIME,
    Around,
    Content,
    Group,
    Kind,
    choice,
    flag,
    found,
    is_empty,
    line,
    many,
    one,
    some,
    text,
)
from apps.policy.reason import Reason, declare

__all__ = [
    "AI_SYSTEMS",
    "AiStage",
    "AiSystemContent",
    "BiasCondition",
    "Governance",
    "OrgRole",
    "PersonalData",
    "RiskClass",
]

HIGH = (RiskClass.HIGH_ANNEX_I, RiskClass.HIGH_ANNEX_III)


def _is_high(content: AiSystemContent) -> bool:
    return content.risk_class in HIGH


@dataclass(frozen=True, kw_only=True)
class AiSystemContent(Content):
    version_label: str = line(_("Version of the system"), needed=True)
    intended_purpose: str = text(
        _("What it is meant for"), _("As users are told."), article="Art. 3(12) AI Act", needed=True
    )
    role: OrgRole | None = choice(OrgRole, _("What we are"), article="Art. 3 AI Act", needed=True)
    risk_class: RiskClass | None = choice(RiskClass, _("Class"), article="Art. 5, 6 AI Act", needed=True)
    annex_point: str = line(
        _("Point of Annex III"),
        _("As 4(a)."),
        article="Annex III AI Act",
        needed=lambda content: content.risk_class in (RiskClass.HIGH_ANNEX_III, RiskClass.NOT_HIGH),
    )
    not_high_assessment: str = text(
        _("Why it is not of high risk"),
        article="Art. 6(4) AI Act",
        needed=lambda content: content.risk_class is RiskClass.NOT_HIGH,
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
        _("Technical documentation"), article="Art. 11, Annex IV AI Act", needed=_is_high
    )
    oversight: str = text(_("Who watches over it"), article="Art. 14, 26 AI Act", needed=_is_high)
    robustness: str = text(_("Accuracy and robustness"), article="Art. 15 AI Act", needed=_is_high)
    log_months: str = line(
        _("How long its logs are kept"), _("Six months at least."), article="Art. 19, 26(6) AI Act"
    )
    are_workers_told: bool | None = flag(
        _("Were the workers told who work with it or are watched by it?"),
        _("Yes, too, where there are none."),
        article="Art. 26(7) AI Act",
    )
    dpia: UUID | None = one("impact-assessments", _("Impact assessment"), article="Art. 26(9) AI Act")
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
PROHIBITED = declare(
    "AI_PROHIBITED",
    "A prohibited system is neither trained for use nor released.",
    "Give it up, or show that the class is another one.",
)
DUTIES_OPEN = declare(
    "AI_DUTIES_OPEN",
    "A system of high risk is not released while these stand open: %(points)s.",
    "Put them on record in a version, and have that approved.",
)
GOVERNANCE_OPEN = declare(
    "AI_GOVERNANCE_OPEN",
    "Not on record yet: %(points)s.",
    "Put it on record in a version, and have that approved.",
)


def _gaps(content: AiSystemContent, around: Around) -> Iterator[Reason]:
    if content.risk_class is RiskClass.NOT_HIGH and content.is_profiling:
        yield found(PROFILES_NEVERTHELESS, "risk_class", "V-27", "AI Act Art. 6(3)")
    for name, article in _DATA_OF_HIGH_RISK.items():
        if _is_high(content) and not getattr(content, name):
            yield found(HIGH_RISK_DATA_MISSING, name, "V-28", article, field=name)


_DATA_OF_HIGH_RISK = {
    "training_versions": "AI Act Art. 10",
    "validation_versions": "AI Act Art. 10",
    "testing_versions": "AI Act Art. 10",
    "labeling": "AI Act Annex IV 2(d)",
}


def _may_go_on(said: object, standing: Standing) -> Iterator[Reason]:
    content: AiSystemContent = standing.content
    if content.risk_class is RiskClass.PROHIBITED:
        yield found(PROHIBITED, "", "A34", "AI Act Art. 5")
    open_points = tuple(each.value for each in Governance if each not in content.governance)
    if _is_high(content) and open_points:
        yield found(GOVERNANCE_OPEN, "", "A35", "AI Act Art. 10(2)", points=open_points)


_OF_PROVIDERS = (
    "risk_management",
    "instructions",
    "quality_management",
    "conformity",
    "declaration",
    "registration",
    "monitoring_plan",
)
_RIGHTS_ASSESSED_FIRST = ("5(b)", "5(c)")
"""Points of Annex III: credit, and the pricing of insurance."""


def _is_open(value: object) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value) or value is False


def _of_deployers(content: AiSystemContent) -> tuple[str, ...]:
    """Instructions that are followed, logs that are kept, workers who know, the assessment of the data."""
    if content.role is not OrgRole.DEPLOYER:
        return ()
    is_about_people = content.personal_data is PersonalData.YES
    return ("instructions", "log_months", "are_workers_told", *(("dpia",) if is_about_people else ()))


def _may_be_released(said: object, standing: Standing) -> Iterator[Reason]:
    """What the Act demands of whoever provides a system of high risk (Art. 16), and of some who use one."""
    yield from _may_go_on(said, standing)
    content: AiSystemContent = standing.content
    if not _is_high(content):
        return
    is_provider = content.role is OrgRole.PROVIDER
    asked = _OF_PROVIDERS if is_provider else _of_deployers(content)
    open_points = tuple(name for name in asked if _is_open(getattr(content, name)))
    if open_points:
        article = "AI Act Art. 16" if is_provider else "AI Act Art. 26"
        yield found(DUTIES_OPEN, "", "", article, points=open_points)
    is_assessed = bool(content.rights_assessment.strip())
    is_asked = content.role is OrgRole.DEPLOYER and content.annex_point.strip() in _RIGHTS_ASSESSED_FIRST
    if is_asked and not is_assessed:
        yield found(DUTIES_OPEN, "", "", "AI Act Art. 27", points=("rights_assessment",))


S = AiStage
RUNNING = (S.FOR_TRAINING, S.FOR_RELEASE, S.RELEASED, S.MONITORED)
HELD_UP = (S.SUSPENDED, S.REVIEW_REQUIRED)
"""Side stages: until somebody has looked, or for as long as somebody decided."""


@dataclass(frozen=True, kw_only=True)
class Looked:
    """Why a system has to be reviewed, or what the review found."""

    why: str = text(_("Why"), needed=True)


def _step(slug: str, verb: object, icon: str, before: tuple[str, ...], after: str, taker: Taker) -> Step:
    checks = {S.FOR_TRAINING: _may_go_on, S.FOR_RELEASE: _may_be_released, S.RELEASED: _may_be_released}
    return Step(
        slug=slug,
        verb=verb,
        icon=icon,
        before=before,
        after=after,
        taker=taker,
        check=checks.get(AiStage(after), no_check),
        needs_description=True,
    )


CYCLE = Cycle(
    begins=S.REGISTERED,
    ends=(S.RETIRED,),
    stages=AiStage,
    steps=(
        _step(
            "classify", _("The class is settled"), "classify", (S.REGISTERED,), S.CLASSIFIED, Taker.DECIDER
        ),
        _step("document", _("It is documented"), "activity", (S.CLASSIFIED,), S.DOCUMENTED, Taker.WRITER),
        _step(
            "allow-training", _("Allow training"), "approve", (S.DOCUMENTED,), S.FOR_TRAINING, Taker.DECIDER
        ),
        _step(
            "allow-release", _("Allow release"), "approve", (S.FOR_TRAINING,), S.FOR_RELEASE, Taker.DECIDER
        ),
        _step("release", _("It was released"), "send", (S.FOR_RELEASE,), S.RELEASED, Taker.WRITER),
        _step("monitor", _("It is monitored"), "review", (S.RELEASED,), S.MONITORED, Taker.WRITER),
        Step(
            slug="ask-review",
            verb=_("Have it reviewed"),
            icon="review",
            before=RUNNING,
            after=S.REVIEW_REQUIRED,
            taker=Taker.DECIDER,
            said=Looked,
            needs_description=True,
            lead=_("Until somebody has looked, it is neither trained further nor released."),
        ),
        Step(
            slug="reviewed",
            verb=_("It was reviewed and goes on"),
            icon="check",
            before=(S.REVIEW_REQUIRED,),
            after=BACK,
            afters=RUNNING,
            taker=Taker.DECIDER,
            said=Looked,
            check=_may_go_on,
            needs_description=True,
            lead=_("It stands again where it stood, once nothing is open about the models it uses."),
        ),
        _step("suspend", _("Suspend"), "pause", (*RUNNING, S.REVIEW_REQUIRED), S.SUSPENDED, Taker.DECIDER),
        _step("resume", _("Document it anew"), "history", HELD_UP, S.DOCUMENTED, Taker.DECIDER),
        _step(
            "retire-system",
            _("Take it out of use"),
            "archive",
            (S.MONITORED, *HELD_UP),
            S.RETIRED,
            Taker.DECIDER,
        ),
    ),
)

AI_SYSTEMS = Kind(
    slug="ai-systems",
    prefix="AI",
    one=_("AI system"),
    many=_("AI systems"),
    new=_("New AI system"),
    lead=_("What the AI Act asks about a system: its class, our role, its data, and how far it may go."),
    empty=_("Record every system that is trained here, bought or used."),
    icon="model",
    content=AiSystemContent,
    aspect="risk_class",
    article="Regulation (EU) 2024/1689",
    groups=(
        Group(
            id="what",
            title=_("What it is"),
            names=("name", "version_label", "intended_purpose", "role", "purposes"),
        ),
        Group(
            id="class",
            title=_("Its class"),
            names=(
                "risk_class",
                "annex_point",
                "not_high_assessment",
                "is_profiling",
                "needs_transparency",
                "is_gpai",
                "is_pure_research",
            ),
        ),
        Group(
            id="data",
            title=_("Models and data"),
            names=("models", "training", "validation", "testing", "labeling", "personal_data", "governance"),
        ),
        Group(
            id="versions",
            title=_("The versions it was made with"),
            names=("model_versions", "training_versions", "validation_versions", "testing_versions"),
            lead=_("Each as it stands in the catalog: a version never changes, and its hash tells it."),
        ),
        Group(
            id="bias",
            title=_("Sensitive data against bias"),
            names=("corrects_bias", "bias_conditions"),
            is_seldom=True,
        ),
        Group(
            id="duties",
            title=_("What high risk demands"),
            names=(
                "technical_file",
                "oversight",
                "robustness",
                "log_months",
                "are_workers_told",
                "dpia",
                "rights_assessment",
                *_OF_PROVIDERS,
            ),
            is_seldom=True,
        ),
        TIME,
        EVIDENCE,
    ),
    gaps=_gaps,
    is_high_risk=_is_high,
    cycle=CYCLE,
)
