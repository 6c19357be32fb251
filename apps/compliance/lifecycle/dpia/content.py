"""What an impact assessment says, and what its screening makes of it. Art. 35 GDPR; WP248 rev.01."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from apps.compliance.lifecycle.declaration import (
    Choice,
    Content,
    choice,
    day,
    flag,
    line,
    rows,
    some,
    text,
)
from apps.policy.law_words import ScreeningPoint

LAW = "Art. 35 GDPR"
THRESHOLD = 2
"""So many criteria of WP248 and more: required, in most cases."""


class Level(Choice):
    NEGLIGIBLE = "negligible", _("Negligible")
    LIMITED = "limited", _("Limited")
    IMPORTANT = "important", _("Important")
    MAXIMAL = "maximal", _("Maximal")


HIGH = (Level.IMPORTANT, Level.MAXIMAL)


class Harm(Choice):
    ILLEGITIMATE_ACCESS = "illegitimate_access", _("Somebody sees the data who must not")
    UNWANTED_CHANGE = "unwanted_modification", _("Data are changed")
    DISAPPEARANCE = "data_disappearance", _("Data disappear")
    REIDENTIFICATION = "re_identification", _("People are recognized in data without names")
    MEMBERSHIP = "membership_inference", _("A model tells whether somebody was in its data")
    INVERSION = "model_inversion", _("A model gives its data away")
    LINKABILITY = "linkability", _("Data are linked that should not be")
    OPACITY = "opacity", _("Nobody can say why a model decides as it does")
    FUNCTION_CREEP = "function_creep", _("The data end up serving something else")
    DISCRIMINATION = "discriminatory_outcome", _("Some people fare worse for no good reason")


class Opinion(Choice):
    FAVOURABLE = "favourable", _("Favourable"), "Art. 35(2) GDPR"
    CONDITIONS = "conditions", _("Favourable under conditions"), "Art. 35(2) GDPR"
    UNFAVOURABLE = "unfavourable", _("Unfavourable"), "Art. 35(2) GDPR"


class OwnerDecision(Choice):
    APPROVE = "approve", _("Go ahead"), LAW
    APPROVE_WITH_CONDITIONS = "approve_with_conditions", _("Go ahead under conditions"), LAW
    REJECT = "reject", _("Do not do it"), LAW
    CONSULT = "consult_authority", _("Ask the supervisory authority first"), "Art. 36(1) GDPR"


class DpiaStage(Choice):
    SCREENING = "screening", _("Screening")
    NOT_REQUIRED = "not_required", _("Not required")
    DRAFT = "draft", _("Being written")
    DPO_CONSULTED = "dpo_consulted", _("With the data protection officer")
    OWNER_DECISION = "owner_decision", _("With the owner")
    APPROVED = "approved", _("Approved")
    APPROVED_WITH_CONDITIONS = "approved_with_conditions", _("Approved under conditions")
    REJECTED = "rejected", _("Rejected")
    PRIOR_CONSULTATION = "prior_consultation", _("With the supervisory authority")
    ADVICE_RECEIVED = "advice_received", _("Advice received")
    PERIOD_ELAPSED = "period_elapsed", _("No advice in time")
    PROHIBITED = "prohibited", _("Prohibited")
    OUTDATED = "outdated", _("Outdated")


@dataclass(frozen=True, kw_only=True)
class Risk:
    harm: Harm | None = choice(Harm, _("What may happen"), needed=True)
    source: str = line(_("Through whom or what"))
    impact: str = line(_("What it does to people"), needed=True)
    measures: str = line(_("What is done against it"))
    severity: Level | None = choice(Level, _("Severity"), needed=True)
    likelihood: Level | None = choice(Level, _("Likelihood"), needed=True)
    severity_after: Level | None = choice(Level, _("Severity with the measures"))
    likelihood_after: Level | None = choice(Level, _("Likelihood with the measures"))


@dataclass(frozen=True, kw_only=True)
class ActionItem:
    what: str = line(_("What"), needed=True)
    owner: str = line(_("Who"))
    due_on: date | None = day(_("Due on"), needed=True)


def _point(
    label: object, help: object = "", article: str = "WP248 III.B(a)", *, is_needed: bool = True
) -> bool | None:
    declared: bool | None = flag(label, help, article=article, rule="1.6", needed=is_needed)
    return declared


POINTS: dict[str, ScreeningPoint] = {
    "is_evaluation": ScreeningPoint.EVALUATION,
    "is_automated_decision": ScreeningPoint.AUTOMATED_DECISION,
    "is_monitoring": ScreeningPoint.MONITORING,
    "is_sensitive": ScreeningPoint.SENSITIVE,
    "is_large_scale": ScreeningPoint.LARGE_SCALE,
    "is_matching": ScreeningPoint.MATCHING,
    "is_vulnerable": ScreeningPoint.VULNERABLE,
    "is_innovative": ScreeningPoint.INNOVATIVE,
    "prevents_right": ScreeningPoint.PREVENTS_RIGHT,
}
DECISIVE: dict[str, ScreeningPoint] = {
    "is_systematic_evaluation": ScreeningPoint.SYSTEMATIC_EVALUATION,
    "is_large_scale_sensitive": ScreeningPoint.LARGE_SCALE_SENSITIVE,
    "is_public_monitoring": ScreeningPoint.PUBLIC_MONITORING,
    "is_on_authority_list": ScreeningPoint.AUTHORITY_LIST,
}


@dataclass(frozen=True, kw_only=True)
class DpiaContent(Content):
    activities: tuple[UUID, ...] = some(
        "activity", _("Processing activities"), article="Art. 35(1) GDPR", needed=True
    )
    assets: tuple[UUID, ...] = some("asset", _("Datasets and models"))
    is_evaluation: bool | None = _point(
        _("Are people evaluated, scored or predicted?"), _("1. Also profiling.")
    )
    is_automated_decision: bool | None = _point(
        _("Are decisions made automatically that affect people seriously?"),
        _("2. Credit, hiring, insurance, exclusion."),
    )
    is_monitoring: bool | None = _point(
        _("Are people observed systematically?"), _("3. Cameras, logs, telemetry.")
    )
    is_sensitive: bool | None = _point(
        _("Are the data sensitive or highly personal?"), _("4. Art. 9, Art. 10, location, money, diaries.")
    )
    is_large_scale: bool | None = _point(_("Is it done on a large scale?"), _("5. Many people, much data."))
    is_matching: bool | None = _point(
        _("Are datasets matched or combined?"), _("6. Beyond what people expect.")
    )
    is_vulnerable: bool | None = _point(
        _("Are the people vulnerable?"), _("7. Children, patients, employees, the old.")
    )
    is_innovative: bool | None = _point(
        _("Is new technology used?"), _("8. Training models on personal data counts as new.")
    )
    prevents_right: bool | None = _point(
        _("Can it keep people from a right, a service or a contract?"),
        _("9. A loan refused, a school place, a policy."),
    )
    is_systematic_evaluation: bool | None = _point(
        _("A systematic and extensive evaluation with legal or similar effect?"), article="Art. 35(3)(a) GDPR"
    )
    is_large_scale_sensitive: bool | None = _point(
        _("Special categories or offences on a large scale?"), article="Art. 35(3)(b) GDPR"
    )
    is_public_monitoring: bool | None = _point(
        _("Public places observed on a large scale?"), article="Art. 35(3)(c) GDPR"
    )
    is_on_authority_list: bool | None = _point(
        _("Is it on the authority's list of what needs an assessment?"), article="Art. 35(4) GDPR"
    )
    is_on_exempt_list: bool | None = _point(
        _("Is it on the authority's list of what needs none?"), article="Art. 35(5) GDPR", is_needed=False
    )
    is_assessed_in_law: bool | None = _point(
        _("Was it assessed when the law was made?"), article="Art. 35(10) GDPR", is_needed=False
    )
    reasons_for_not_doing: str = text(
        _("Why no assessment is made"),
        _("Where the guidance asks for one and the law does not; with the view of the DPO."),
        article="WP248 III.B(a)",
    )
    description: str = text(
        _("What is done"), _("Systematically: data, people, means."), article="Art. 35(7)(a) GDPR"
    )
    necessity: str = text(_("Why it is needed"), article="Art. 35(7)(b) GDPR")
    proportionality: str = text(_("Why it is in proportion"), article="Art. 35(7)(b) GDPR")
    rights_controls: str = text(_("How people use their rights"), article="Art. 12-22 GDPR")
    risks: tuple[Risk, ...] = rows(Risk, _("Risks to people"), article="Art. 35(7)(c) GDPR")
    initial_risk: Level | None = choice(Level, _("Risk without the measures"), article="Art. 35(7)(c) GDPR")
    residual_risk: Level | None = choice(Level, _("Risk that remains"), article="Art. 35(7)(d), 36(1) GDPR")
    actions: tuple[ActionItem, ...] = rows(
        ActionItem, _("What is still to be done"), article="Art. 35(7)(d) GDPR"
    )
    codes_of_conduct: str = text(_("Codes of conduct"), article="Art. 35(8) GDPR")
    views: str = text(_("Views of the people"), article="Art. 35(9) GDPR")
    views_not_sought: str = text(_("Why they were not asked"), article="Art. 35(9) GDPR")
    is_published: bool | None = flag(_("Is it published?"))


@dataclass(frozen=True, kw_only=True)
class Screening:
    """`is_required` by law where a decisive point holds, else by guidance."""

    criteria: tuple[str, ...]
    decisive: tuple[str, ...]
    is_exempt: bool

    @property
    def is_required_by_law(self) -> bool:
        return bool(self.decisive) and not self.is_exempt

    @property
    def is_required(self) -> bool:
        return not self.is_exempt and (bool(self.decisive) or len(self.criteria) >= THRESHOLD)


def screening_of(content: DpiaContent) -> Screening:
    decisive = tuple(name for name in DECISIVE if getattr(content, name) is True)
    is_listed = content.is_on_exempt_list is True and not decisive
    return Screening(
        criteria=tuple(name for name in POINTS if getattr(content, name) is True),
        decisive=decisive,
        is_exempt=is_listed or content.is_assessed_in_law is True,
    )
