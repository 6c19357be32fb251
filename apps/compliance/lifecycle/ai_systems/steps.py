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
_REGISTERING = frozenset({OrgRole.PROVIDER, OrgRole.MANUFACTURER, OrgRole.REPRESENTATIVE})
"""The provider, who is taken for it, and who may do it in its place."""


def _is_open(value: object) -> bool:
    return is_empty(value.strip() if isinstance(value, str) else value) or value is False


def _demanded(content: AiSystemContent) -> tuple[str, tuple[str, ...]]:
    """The article with the duties of what we are, and what has to be on record for them.

    A product manufacturer is taken for the provider. Who imports, distributes or represents makes sure of
    what the provider did. Who uses it follows instructions, keeps logs, tells workers, assesses the data.
    """
    match content.role:
        case OrgRole.DEPLOYER:
            is_about_people = content.personal_data is PersonalData.YES
            dpia = ("dpia",) if is_about_people else ()
            return "AI Act Art. 26", ("instructions", "log_months", "are_workers_told", *dpia)
        case OrgRole.REPRESENTATIVE:
            return "AI Act Art. 22", ("technical_file", "conformity", "declaration", "registration")
        case OrgRole.IMPORTER:
            return "AI Act Art. 23", ("technical_file", "instructions", "conformity", "declaration")
        case OrgRole.DISTRIBUTOR:
            return "AI Act Art. 24", ("instructions", "quality_management", "declaration")
        case OrgRole.MANUFACTURER:
            return "AI Act Art. 16, 25(3)", OF_PROVIDERS
        case _:
            return "AI Act Art. 16", OF_PROVIDERS


def _open_about_rights(content: AiSystemContent) -> tuple[str, ...]:
    """Art. 27(1): whoever serves the public assesses fundamental rights, for every use but that in critical
    infrastructure; and everybody for credit and insurance. What nobody said may be what asks for it."""
    if content.role is not OrgRole.DEPLOYER or content.risk_class is not RiskClass.HIGH_ANNEX_III:
        return ()
    if content.rights_assessment.strip():
        return ()
    uses = content.annex_uses
    if not uses:
        return ("annex_uses", "rights_assessment")
    if not uses.isdisjoint(_RIGHTS_ASSESSED_FIRST):
        return ("rights_assessment",)
    if content.serves_public is False or uses == {AnnexUse.INFRASTRUCTURE}:
        return ()
    return ("rights_assessment",) if content.serves_public else ("serves_public", "rights_assessment")


def _may_be_released(said: object, standing: Standing) -> Iterator[Reason]:
    """What the Act demands of whoever provides, passes on or uses a system of high risk."""
    yield from _may_go_on(said, standing)
    content: AiSystemContent = standing.content
    is_derogated = content.risk_class is RiskClass.NOT_HIGH and content.role in _REGISTERING
    if is_derogated and not content.registration.strip():
        yield found(NOT_REGISTERED, "", "", "AI Act Art. 49(2)")
    if not is_high(content):
        return
    article, asked = _demanded(content)
    open_points = tuple(name for name in asked if _is_open(getattr(content, name)))
    if open_points:
        yield found(DUTIES_OPEN, "", "", article, points=open_points)
    about_rights = _open_about_rights(content)
    if about_rights:
        yield found(DUTIES_OPEN, "", "", "AI Act Art. 27", points=about_rights)


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
