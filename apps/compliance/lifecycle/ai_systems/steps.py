"""How far an AI system may go, and what the Act asks for before each step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.ai_systems.content import AiSystemContent, is_high
from apps.compliance.lifecycle.ai_systems.words import (
    AiStage,
    AnnexUse,
    Governance,
    OrgRole,
    PersonalData,
    RiskClass,
)
from apps.compliance.lifecycle.cycle import BACK, Cycle, Standing, Step, Taker, no_check
from apps.compliance.lifecycle.declaration import found, is_empty, text
from apps.policy.reason import Reason, declare

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
NOT_REGISTERED = declare(
    "AI_NOT_REGISTERED",
    "A use of Annex III without high risk is not released before it is registered in the EU database.",
    "Register it, and put its number on record in a version that is approved.",
)


def _may_go_on(said: object, standing: Standing) -> Iterator[Reason]:
    content: AiSystemContent = standing.content
    if content.risk_class is RiskClass.PROHIBITED:
        yield found(PROHIBITED, "", "A34", "AI Act Art. 5")
    open_points = tuple(each.value for each in Governance if each not in content.governance)
    if is_high(content) and open_points:
        yield found(GOVERNANCE_OPEN, "", "A35", "AI Act Art. 10(2)", points=open_points)


OF_PROVIDERS = (
    "risk_management",
    "instructions",
    "quality_management",
    "conformity",
    "declaration",
    "registration",
    "monitoring_plan",
)
_RIGHTS_ASSESSED_FIRST = frozenset({AnnexUse.CREDIT, AnnexUse.INSURANCE})
"""By whoever uses them, public body or not."""


def _is_open(value: object) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value) or value is False


def _of_deployers(content: AiSystemContent) -> tuple[str, ...]:
    """Instructions that are followed, logs that are kept, workers who know, the assessment of the data."""
    if content.role is not OrgRole.DEPLOYER:
        return ()
    is_about_people = content.personal_data is PersonalData.YES
    return ("instructions", "log_months", "are_workers_told", *(("dpia",) if is_about_people else ()))


def _has_to_assess_rights(content: AiSystemContent) -> bool:
    """Art. 27(1): whoever serves the public, for every use but that in critical infrastructure; and everybody
    for credit and insurance."""
    if content.role is not OrgRole.DEPLOYER or content.risk_class is not RiskClass.HIGH_ANNEX_III:
        return False
    uses = content.annex_uses
    serves = content.serves_public is True and bool(uses - {AnnexUse.INFRASTRUCTURE})
    return serves or not uses.isdisjoint(_RIGHTS_ASSESSED_FIRST)


def _may_be_released(said: object, standing: Standing) -> Iterator[Reason]:
    """What the Act demands of whoever provides a system of high risk (Art. 16), and of some who use one."""
    yield from _may_go_on(said, standing)
    content: AiSystemContent = standing.content
    is_derogated = content.risk_class is RiskClass.NOT_HIGH and content.role is OrgRole.PROVIDER
    if is_derogated and not content.registration.strip():
        yield found(NOT_REGISTERED, "", "", "AI Act Art. 49(2)")
    if not is_high(content):
        return
    is_provider = content.role is OrgRole.PROVIDER
    asked = OF_PROVIDERS if is_provider else _of_deployers(content)
    open_points = tuple(name for name in asked if _is_open(getattr(content, name)))
    if open_points:
        article = "AI Act Art. 16" if is_provider else "AI Act Art. 26"
        yield found(DUTIES_OPEN, "", "", article, points=open_points)
    is_assessed = bool(content.rights_assessment.strip())
    if _has_to_assess_rights(content) and not is_assessed:
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
